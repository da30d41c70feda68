using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
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

    /// <summary>Whether a path that could not be walked leads nowhere for the caller either: the first component that
    /// is missing is no link. A link of procfs means another thing for the caller than for us, or is not followed
    /// here, proc(5).</summary>
    internal bool IsAbsent(ReadOnlySpan<byte> path)
    {
        path = path.TrimEnd((byte)'/');
        while (!path.IsEmpty)
        {
            int slash = path.LastIndexOf((byte)'/');
            string name = Encoding.UTF8.GetString(path[(slash + 1)..]);
            path = slash < 0 ? default : path[..slash].TrimEnd((byte)'/');
            LinuxResult found = Find(path.IsEmpty ? slash < 0 ? "."u8 : "/"u8 : path, out Descriptor parent);
            using (parent)
            {
                if (found.Succeeded)
                {
                    // Not by reading the link: /proc/self leads nowhere for us, but it is there.
                    LinuxResult looked = Linux.Calls.Files.Status(parent, name, out FileStatus status);
                    bool missing = looked.Error is Errno.ENOENT or Errno.ENOTDIR;
                    return (missing || (looked.Succeeded && status.Type != FileType.LNK))
                        && !name.Contains('\ufffd', StringComparison.Ordinal);
                }
            }
        }

        return false;
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
