using System.Collections.Concurrent;
using System.Security.Cryptography;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>Opens and hashes program files.</summary>
/// <remarks>Renaming and replacing do not matter to an open descriptor; writing into the file does. So a file that somebody
/// else than root can write is not executed itself: a copy of exactly the bytes that were hashed is, sealed so that nobody
/// can change it, memfd_create(2).</remarks>
public sealed class FileReader
{
    private const uint OthersWrite = 0x12;
    private const long LargestCopy = 1L << 30;
    private const int BufferBytes = 128 * 1024;

    /// <summary>Digests of files that only root can write. Device, inode, size and change time name a content: no call sets
    /// the change time back, inode(7).</summary>
    private readonly ConcurrentDictionary<(ulong Device, ulong Inode, long Size, TimeSpec Changed), (string Hash, byte[] Head)>
        _known = new();

    /// <summary>Opens a file, hashes it and makes ready what is to be executed.</summary>
    /// <param name="path">Relative paths start at <paramref name="directory"/>.</param>
    /// <param name="copy">Whether a sealed copy is executed also where only root can write the file.</param>
    /// <param name="file">Null after an error.</param>
    public LinuxResult Open(string path, Descriptor directory, bool copy, out StageFile? file)
    {
        file = null;
        LinuxResult result = Files.Open(
            directory, path, OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY | OpenFlags.CLOEXEC,
            out Descriptor opened);
        FileStatus status = default;
        result = result.Failed ? result : Files.Status(opened, out status);
        if (result.Succeeded && !status.IsRegular)
        {
            result = result with { Error = status.IsDirectory ? Errno.EISDIR : Errno.EACCES };
        }

        // Asked of the open file: its permissions, and whether its file system allows to execute.
        if (result.Succeeded && !Files.MayExecute(FileMetadata.ProcPath(opened)))
        {
            result = result with { Error = Errno.EACCES };
        }

        if (result.Failed)
        {
            opened.Dispose();
            return result with { Subject = path };
        }

        result = IsRootsAlone(status) && !copy ? Hash(path, status, opened, out file) : Copy(path, status, opened, out file);
        if (file is null || !ReferenceEquals(file.Executable, opened))
        {
            opened.Dispose();
        }

        return result with { Subject = path };
    }

    /// <summary>Hashes a file that only root can write.</summary>
    /// <param name="opened">Stays the caller's.</param>
    public LinuxResult Digest(Descriptor opened, in FileStatus status, out string hash)
    {
        LinuxResult result = Hash("", status, opened, out StageFile? file);
        hash = file?.Sha256 ?? "";
        return result;
    }

    /// <summary>Whether nobody but root can write into a file.</summary>
    public static bool IsRootsAlone(in FileStatus status) => status.Owner == 0 && (status.Mode & OthersWrite) == 0;

    private LinuxResult Hash(string path, in FileStatus status, Descriptor opened, out StageFile? file)
    {
        file = null;
        var key = (status.Device, status.Inode, status.Size, status.Changed);
        if (!_known.TryGetValue(key, out (string Hash, byte[] Head) known))
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
            long offset = 0;
            byte[] head = [];
            LinuxResult read;
            while ((read = FileContent.ReadFully(opened, buffer, offset)) is { Succeeded: true, Value: > 0 })
            {
                head = offset == 0 ? HeadOf(buffer.AsSpan(0, (int)read.Value)) : head;
                hash.AppendData(buffer, 0, (int)read.Value);
                offset += read.Value;
            }

            if (read.Failed)
            {
                return read;
            }

            known = (Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant(), head);
            _known[key] = known;
        }

        file = new StageFile(path, status, known.Hash, known.Head, opened);
        return default;
    }

    private static LinuxResult Copy(string path, in FileStatus status, Descriptor opened, out StageFile? file)
    {
        file = null;
        if (status.Size > Math.Min(LargestCopy, Array.MaxLength - 1))
        {
            return new LinuxResult(-1, Errno.EFBIG, SystemCall.pread64);
        }

        // What is read after this size was looked at is not the file's any more: the copy is whatever was hashed.
        byte[] content = new byte[status.Size];
        LinuxResult read = FileContent.ReadFully(opened, content, 0);
        if (read.Failed)
        {
            return read;
        }

        Span<byte> bytes = content.AsSpan(0, (int)read.Value);
        string name = path[(path.LastIndexOf('/') + 1)..];
        LinuxResult made = MemoryFiles.CreateProgram(name.Length > 64 ? name[..64] : name, bytes, out Descriptor copy);
        if (made.Succeeded)
        {
            file = new StageFile(
                path, status, Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), HeadOf(bytes), copy)
            {
                IsCopy = true,
            };
        }

        return made;
    }

    private static byte[] HeadOf(ReadOnlySpan<byte> content) =>
        content[..Math.Min(content.Length, ScriptHeader.MaximumBytes)].ToArray();
}
