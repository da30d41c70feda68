using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>How directories of a layer and of its target are opened: component by component beneath a descriptor, never
/// through a link, never onto another mount.</summary>
internal static class LayerDirectory
{
    internal const ResolveFlags Beneath = ResolveFlags.BENEATH
        | ResolveFlags.NO_SYMLINKS
        | ResolveFlags.NO_MAGICLINKS
        | ResolveFlags.NO_XDEV;

    internal const OpenFlags Listing = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW;

    internal const OpenFlags Handle = OpenFlags.PATH | OpenFlags.NOFOLLOW;

    // openat2 takes paths below PATH_MAX (4096 bytes); UTF-8 has at most three bytes for a UTF-16 unit.
    private const int PieceLength = 1300;

    /// <summary>Opens a directory beneath another at any depth. An empty path gives the directory itself.</summary>
    internal static LinuxResult Open(Descriptor root, string path, out Descriptor directory)
    {
        Descriptor? current = null;
        while (path.Length > PieceLength)
        {
            int cut = path.LastIndexOf('/', PieceLength);
            cut = cut < 0 ? path.IndexOf('/', StringComparison.Ordinal) : cut;
            if (cut < 0)
            {
                break;
            }

            LinuxResult part = Files.Open(
                current ?? root, path[..cut], OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW, Beneath, out Descriptor next);
            current?.Dispose();
            if (part.Failed)
            {
                directory = next;
                return part;
            }

            current = next;
            path = path[(cut + 1)..];
        }

        LinuxResult result = OpenChild(current ?? root, path.Length == 0 ? "." : path, out directory);
        current?.Dispose();
        return result;
    }

    /// <summary>Opens for listing, or, where the directory may only be searched, as <c>O_PATH</c>.</summary>
    internal static LinuxResult OpenChild(Descriptor parent, string name, out Descriptor directory)
    {
        LinuxResult result = Files.Open(parent, name, Listing, Beneath, out directory);
        return result.Error == Errno.EACCES
            ? Files.Open(parent, name, Handle | OpenFlags.DIRECTORY, Beneath, out directory)
            : result;
    }

    /// <summary>An error in words that say what stands in the way.</summary>
    internal static string Explain(LinuxResult result) => result.Error switch
    {
        Errno.ELOOP => "a symbolic link is in the way",
        Errno.ENOTDIR => "something that is not a directory is in the way",
        Errno.EXDEV => "another file system is mounted there on the host",
        Errno.ENOSPC or Errno.EDQUOT => "the host's file system is full; free some space and commit again",
        Errno.EACCES or Errno.EPERM => $"permission denied by the host ({result.Call})",
        Errno.EROFS => "the host's file system is read-only",
        Errno.ENOENT => "its directory is not on the host",
        _ => $"{result.Call}: {result.Error}",
    };
}
