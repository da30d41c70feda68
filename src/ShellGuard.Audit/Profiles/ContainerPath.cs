using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Profiles;

/// <summary>Walks a path as a container would, whose root is a directory here: links lead to what they mean in there. Name
/// by name, and with nothing that the confined reader may not do.</summary>
internal static class ContainerPath
{
    /// <summary>As many links as the kernel follows, path_resolution(7).</summary>
    private const int MostLinks = 40;

    private const OpenFlags Flags = OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    /// <param name="root">The container's root; stays the caller's.</param>
    /// <param name="path">From that root.</param>
    /// <param name="found">Neither read nor written can be what it is open on; invalid after an error.</param>
    public static LinuxResult Open(Descriptor root, string path, out Descriptor found)
    {
        Stack<Descriptor> way = new();
        Stack<string> names = new(Names(path));
        LinuxResult result = Files.Open(root, ".", Flags, out found);
        int links = 0;
        while (result.Succeeded && names.TryPop(out string? name))
        {
            if (name == "..")
            {
                if (way.TryPop(out Descriptor? above))
                {
                    found.Dispose();
                    found = above;
                }

                continue;
            }

            result = Files.Open(found, name, Flags, out Descriptor next);
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(next, out status);
            if (result.Succeeded && status.IsSymbolicLink)
            {
                next.Dispose();
                result = Files.ReadLink(found, name, out string target);
                result = result.Succeeded && ++links > MostLinks ? result with { Error = Errno.ELOOP } : result;
                while (target is ['/', ..] && way.TryPop(out Descriptor? above))
                {
                    found.Dispose();
                    found = above;
                }

                foreach (string part in Names(target))
                {
                    names.Push(part);
                }

                continue;
            }

            way.Push(found);
            found = next;
        }

        foreach (Descriptor passed in way)
        {
            passed.Dispose();
        }

        if (result.Failed)
        {
            found.Dispose();
        }

        return result;
    }

    /// <summary>The names of a path, the last one first.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse();
}
