using System.Security.Cryptography;
using ShellGuard.Core;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Setup;

/// <summary>Files that a set-up reads and replaces: whole or not at all, and never through a link of the last name.</summary>
internal static class RootFile
{
    private const long Largest = 256L * 1024 * 1024;
    private const uint OwnerOnly = 0x180;

    /// <summary>Reads a file.</summary>
    /// <param name="status">Owner and mode.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="LeashException">It is there and cannot be read, or is no file.</exception>
    public static byte[]? Read(string path, out FileStatus status)
    {
        status = default;
        LinuxResult opened = Files.Open(
            path, OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            if (opened.Error is Errno.ENOENT)
            {
                return null;
            }

            LinuxResult result = opened.Failed ? opened : Files.Status(file, out status);
            if (result.Failed || !status.IsRegular || status.Size > Largest)
            {
                throw Refusal(path, result.Failed ? result.Error.ToString() : "it is no file that could be set up");
            }

            byte[] bytes = new byte[status.Size];
            result = FileContent.ReadFully(file, bytes, 0);
            return result.Succeeded && result.Value == bytes.Length
                ? bytes
                : throw Refusal(path, result.Failed ? result.Error.ToString() : "it changed while it was read");
        }
    }

    /// <summary>Writes a file under another name, flushes it, and gives it its name.</summary>
    /// <exception cref="LeashException">It could not be written; what was there is there still.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, uint owner, uint group, uint mode)
    {
        string name = Path.GetFileName(path);
        string fresh = $".{name}.{Environment.ProcessId}.new";
        using Descriptor directory = OpenDirectory(path);
        LinuxResult result = Files.Open(
            directory, fresh, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC,
            out Descriptor file, OwnerOnly);
        bool made = result.Succeeded;
        using (file)
        {
            result = result.Failed ? result : FileContent.Write(file, content, 0);
            result = result.Failed ? result : FileMetadata.SetOwner(file, owner, group);

            // After the owner: chown(2) clears the setgid bit.
            result = result.Failed ? result : FileMetadata.SetMode(file, mode);
            result = result.Failed ? result : FileContent.Flush(file);
        }

        result = result.Failed ? result : Files.Rename(directory, fresh, directory, name, RenameFlags.None);
        if (result.Failed)
        {
            if (made)
            {
                Files.Unlink(directory, fresh);
            }

            throw Refusal(path, $"it could not be written: {result.Error}");
        }
    }

    /// <summary>Removes a file.</summary>
    public static void Remove(string path)
    {
        using Descriptor directory = OpenDirectory(path);
        LinuxResult result = Files.Unlink(directory, Path.GetFileName(path));
        if (result.Failed && result.Error is not Errno.ENOENT)
        {
            throw Refusal(path, $"it could not be removed: {result.Error}");
        }
    }

    /// <summary>Whether a directory can be opened there.</summary>
    public static bool IsDirectory(string path)
    {
        LinuxResult opened = Files.Open(
            path, OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        directory.Dispose();
        return opened.Succeeded;
    }

    /// <summary>Makes a directory of root's.</summary>
    public static void MakeDirectory(string path, uint mode)
    {
        using Descriptor parent = OpenDirectory(path);
        LinuxResult result = Files.MakeDirectory(parent, Path.GetFileName(path), mode);
        if (result.Failed && result.Error is not Errno.EEXIST)
        {
            throw Refusal(path, $"it could not be made: {result.Error}");
        }
    }

    /// <summary>Removes a directory that is empty.</summary>
    /// <returns>False where something is in it.</returns>
    public static bool RemoveDirectory(string path)
    {
        using Descriptor parent = OpenDirectory(path);
        LinuxResult result = Files.RemoveDirectory(parent, Path.GetFileName(path));
        return result.Error switch
        {
            Errno.None or Errno.ENOENT => true,
            Errno.ENOTEMPTY or Errno.EEXIST or Errno.EBUSY => false,
            _ => throw Refusal(path, $"it could not be removed: {result.Error}"),
        };
    }

    /// <summary>Who else than root could exchange something on the way to a path, which need not be there yet: a clause, or
    /// null.</summary>
    /// <param name="root">What lies above it is not looked at.</param>
    public static string? Weakness(string path, string root)
    {
        PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        file.Dispose();
        foreach (PathStep step in walk.Steps)
        {
            bool counts = root.Length == 0 || step.Path == root || step.Path.StartsWith(root + "/", StringComparison.Ordinal);
            if (counts && step.Weakness is { } weakness)
            {
                return weakness;
            }
        }

        return null;
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();

    private static Descriptor OpenDirectory(string path)
    {
        string parent = Path.GetDirectoryName(path)!;
        LinuxResult opened = Files.Open(
            parent, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        return opened.Succeeded ? directory : throw Refusal(parent, opened.Error.ToString());
    }

    private static LeashException Refusal(string path, string why) =>
        new($"{SafeText.Escape(path)}: {why}", LeashException.OwnFailure);
}
