using System.Diagnostics.CodeAnalysis;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity.Libraries;

/// <summary>A file of the loader's, read whole or not at all.</summary>
internal static class SmallFile
{
    /// <summary>Reads a file that may not be there.</summary>
    /// <param name="path">From the root.</param>
    /// <param name="most">Bytes; a larger file is a problem.</param>
    /// <param name="content">Null where it is not there.</param>
    /// <param name="problem">Why it is not known what is in it: a clause.</param>
    public static bool TryRead(string path, int most, out byte[]? content, [NotNullWhen(false)] out string? problem)
    {
        content = null;
        problem = null;
        LinuxResult result = Files.Open(
            path, OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.NOCTTY | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            if (result.Error == Errno.ENOENT)
            {
                return true;
            }

            FileStatus status = default;
            result = result.Failed ? result : Files.Status(file, out status);
            if (result.Succeeded && (!status.IsRegular || status.Size > most))
            {
                problem = $"{path} is no file of at most {most >> 10} KiB";
                return false;
            }

            if (result.Succeeded)
            {
                content = new byte[status.Size];
                result = FileContent.ReadFully(file, content, 0);
            }
        }

        problem = result.Failed ? $"{path} cannot be read: {result.Error}"
            : result.Value < content!.Length ? $"{path} became shorter while it was read"
            : null;
        return problem is null;
    }
}
