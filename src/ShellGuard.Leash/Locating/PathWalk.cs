using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Locating;

/// <summary>Opens a file name by name from the root, links followed by hand, so that what was looked at on the way is
/// what was opened.</summary>
public sealed class PathWalk : IDisposable
{
    /// <summary>As many links as the kernel follows, path_resolution(7).</summary>
    private const int MostLinks = 40;

    private readonly List<PathStep> _steps = [];
    private readonly Stack<(Descriptor Directory, string Path)> _directories = new();

    private PathWalk()
    {
    }

    /// <summary>Everything on the way, the root first and the file last.</summary>
    public IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>The first that somebody else than root could exchange: a clause, or null.</summary>
    public string? Weakness => _steps.Select(step => step.Weakness).FirstOrDefault(weakness => weakness is not null);

    /// <summary>Opens a file for reading; never waits for a FIFO's writer and takes no terminal.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="steps">What was seen on the way, also after an error.</param>
    /// <param name="file">The open file; invalid after an error.</param>
    public static LinuxResult Open(string path, out PathWalk steps, out Descriptor file)
    {
        steps = new PathWalk();
        LinuxResult result = steps.Walk(path, out file);
        steps.Dispose();
        return result with { Subject = path };
    }

    public void Dispose()
    {
        while (_directories.TryPop(out (Descriptor Directory, string Path) top))
        {
            top.Directory.Dispose();
        }
    }

    private LinuxResult Walk(string path, out Descriptor file)
    {
        file = new Descriptor();
        LinuxResult result = Enter(null, "/", "");
        Stack<string> names = new(Names(path));
        int links = 0;
        while (result.Succeeded && names.TryPop(out string? name))
        {
            (Descriptor directory, string parent) = _directories.Peek();
            if (name == "..")
            {
                if (_directories.Count > 1)
                {
                    _directories.Pop().Directory.Dispose();
                }

                continue;
            }

            result = Files.Status(directory, name, out FileStatus status);
            if (result.Failed)
            {
                return result;
            }

            string here = $"{parent}/{name}";
            if (status.IsSymbolicLink)
            {
                result = Files.ReadLink(directory, name, out string target);
                _steps.Add(new PathStep(here, status, target));
                if (result.Failed || ++links > MostLinks)
                {
                    return result.Failed ? result : result with { Error = Errno.ELOOP };
                }

                if (target is ['/', ..])
                {
                    BackToRoot();
                }

                foreach (string next in Names(target))
                {
                    names.Push(next);
                }
            }
            else if (names.Count > 0)
            {
                result = Enter(directory, name, here);
            }
            else
            {
                return OpenFile(directory, name, here, out file);
            }
        }

        return result.Failed ? result : result with { Error = Errno.EISDIR };
    }

    /// <summary>The names of a path, the last one first.</summary>
    private static IEnumerable<string> Names(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse();

    private LinuxResult Enter(Descriptor? parent, string name, string path)
    {
        const OpenFlags flags = OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;
        LinuxResult result = parent is null
            ? Files.Open(name, flags, out Descriptor directory)
            : Files.Open(parent, name, flags, out directory);
        FileStatus status = default;
        result = result.Failed ? result : Files.Status(directory, out status);
        if (result.Failed)
        {
            directory.Dispose();
            return result;
        }

        _steps.Add(new PathStep(path.Length == 0 ? "/" : path, status, null));
        _directories.Push((directory, path));
        return result;
    }

    private LinuxResult OpenFile(Descriptor directory, string name, string path, out Descriptor file)
    {
        LinuxResult result = Files.Open(
            directory, name,
            OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK | OpenFlags.NOCTTY | OpenFlags.CLOEXEC, out file);
        FileStatus status = default;
        result = result.Failed ? result : Files.Status(file, out status);
        if (result.Succeeded)
        {
            _steps.Add(new PathStep(path, status, null));
        }

        return result;
    }

    private void BackToRoot()
    {
        while (_directories.Count > 1)
        {
            _directories.Pop().Directory.Dispose();
        }
    }
}
