using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Exec;

/// <summary>SHA-256 of program files, each computed once while the file stays the same. Device, inode, size and change
/// time name a content: the change time cannot be set back by a user, inode(7).</summary>
internal sealed class FileDigests
{
    /// <summary>Larger files would hold the program that executes them for too long.</summary>
    private const long Largest = 64 << 20;

    private readonly ConcurrentDictionary<(ulong Device, ulong Inode, long Size, TimeSpec Changed), string> _known = new();

    /// <summary>The digest in lower-case hex, or null with the reason.</summary>
    /// <param name="file">An O_PATH descriptor of a regular file.</param>
    public string? Of(Descriptor file, out string? missing)
    {
        missing = null;
        if (Linux.Calls.Files.Status(file, out FileStatus status).Failed || !status.IsRegular)
        {
            missing = "not a regular file";
            return null;
        }

        if (status.Size > Largest)
        {
            missing = "larger than 64 MiB";
            return null;
        }

        var key = (status.Device, status.Inode, status.Size, status.Changed);
        if (_known.TryGetValue(key, out string? digest))
        {
            return digest;
        }

        if (Linux.Calls.Files.Open(
            FileMetadata.ProcPath(file), OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor readable).Failed)
        {
            missing = "not readable";
            return null;
        }

        using (readable)
        {
            digest = Hash(readable, out missing);
        }

        if (digest is not null)
        {
            _known[key] = digest;
        }

        return digest;
    }

    /// <summary>The digest of all that a file has, in lower-case hex, or null with the reason.</summary>
    /// <param name="file">Open for reading.</param>
    public static string? Hash(Descriptor file, out string? missing)
    {
        missing = null;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Rented: one of its own for each file would make the collector look at everything every time.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            for (long offset = 0; ;)
            {
                Linux.LinuxResult read = FileContent.Read(file, buffer, offset);
                if (read.Failed)
                {
                    missing = $"reading failed: {read.Error}";
                    return null;
                }

                if (read.Value == 0)
                {
                    return Convert.ToHexStringLower(hash.GetHashAndReset());
                }

                hash.AppendData(buffer, 0, (int)read.Value);
                offset += read.Value;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
