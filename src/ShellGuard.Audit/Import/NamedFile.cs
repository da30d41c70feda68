using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Import;

/// <summary>Opens what an audit names. No person chose those names just now, so what lies there may be anything.</summary>
internal static class NamedFile
{
    /// <summary>Opens a file to read it; null where a pipe, a device or a socket has the name. Whoever opens one of those may
    /// wait for ever, fifo(7), and it has no content that could be read a second time.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public static FileStream? Open(string path)
    {
        LinuxResult result = Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor found);
        using Descriptor file = found;
        if (result.Error is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw new FileNotFoundException($"{path} is not there", path);
        }

        if (result.Failed || (result = Files.Status(file, out FileStatus status)).Failed)
        {
            throw new IOException($"{path}: {result.Error}");
        }

        // By its descriptor: the name may be another file's by now.
        return status.Type is FileType.REG or FileType.DIR
            ? new FileStream(FileMetadata.ProcPath(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)
            : null;
    }
}
