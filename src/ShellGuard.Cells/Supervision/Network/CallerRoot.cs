using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>The root and working directory of a waiting thread, to walk its paths as it would.</summary>
internal sealed class CallerRoot : IDisposable
{
    private readonly Descriptor _root;
    private readonly Descriptor _working;
    private readonly byte[] _workingPath;

    private CallerRoot(Descriptor root, Descriptor working, byte[] workingPath)
    {
        _root = root;
        _working = working;
        _workingPath = workingPath;
    }

    public void Dispose()
    {
        _root.Dispose();
        _working.Dispose();
    }

    internal static LinuxResult Open(int thread, out CallerRoot? root)
    {
        root = null;
        LinuxResult result = ObjectPath.OpenDirectory($"/proc/{thread}/root", out Descriptor top);
        if (result.Failed)
        {
            return result;
        }

        result = ObjectPath.OpenDirectory($"/proc/{thread}/cwd", out Descriptor working);
        if (result.Failed)
        {
            top.Dispose();
            return result;
        }

        root = new CallerRoot(top, working, ProcFile.ReadLink($"/proc/{thread}/cwd") ?? []);
        return result;
    }

    /// <summary>Walks a path to an object, without opening it.</summary>
    internal LinuxResult Find(ReadOnlySpan<byte> path, out Descriptor found)
    {
        if (path[0] == '/')
        {
            return ObjectPath.OpenInRoot(_root, path, out found);
        }

        LinuxResult result = ObjectPath.OpenBeneath(_working, path, out found);
        if (result.Error != Errno.EXDEV)
        {
            return result;
        }

        // It leaves the working directory, by .. or a symbolic link: walked again from the root by the directory's
        // own name, for openat2 takes no second directory as the start. Whatever it leads to is judged itself.
        found.Dispose();
        return ObjectPath.OpenInRoot(_root, [.. _workingPath, (byte)'/', .. path], out found);
    }
}
