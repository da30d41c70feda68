using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Journal;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>The key of a user's journals on this host, made when it is first needed.</summary>
internal static class HostKey
{
    /// <summary>Reads the key, or makes one where there is none yet. All processes that start at once get the same
    /// key: the file is written under another name and then linked to its own, which only one of them can do.
    /// (File.Move looks whether the name is taken, and then renames over it.)</summary>
    /// <param name="path">The key's file in a directory that only its owner can write.</param>
    /// <param name="error">One line where there is no key.</param>
    public static bool TryLoadOrCreate(
        string path, [NotNullWhen(true)] out JournalKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        error = Path.Exists(path) ? null : Create(path);
        return error is null && JournalKey.TryLoad(path, out key, out error);
    }

    private static string? Create(string path)
    {
        using Descriptor none = new();
        string temporary = $"{path}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}";
        LinuxResult made = Write(temporary);
        LinuxResult linked = made.Failed ? made : Files.Link(none, temporary, none, path);
        _ = Files.Unlink(none, temporary);
        return linked.Succeeded || linked.Error == Errno.EEXIST ? null
            : $"the journal's key {path} cannot be made: {(linked.Error == Errno.EFBIG ? JournalWriter.MayNotGrow : linked.ToString())}";
    }

    private static LinuxResult Write(string path)
    {
        LinuxResult result = Files.Open(
            path, OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.WRONLY, out Descriptor file, mode: 0x180);
        using (file)
        {
            byte[] text = Encoding.ASCII.GetBytes(JournalKey.NewPem());
            result = result.Failed ? result : FileContent.Append(file, text);
            CryptographicOperations.ZeroMemory(text);
            return result.Failed ? result : FileContent.Flush(file);
        }
    }
}
