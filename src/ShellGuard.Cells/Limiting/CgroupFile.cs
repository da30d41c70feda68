using System.Globalization;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Limiting;

/// <summary>Files of control groups.</summary>
internal static class CgroupFile
{
    /// <summary>Writes in one call, as the kernel wants it.</summary>
    public static LinuxResult Write(string path, string text)
    {
        LinuxResult opened = Files.Open(path, OpenFlags.WRONLY | OpenFlags.CLOEXEC, out Descriptor file);
        if (opened.Failed)
        {
            return opened;
        }

        using (file)
        {
            return FileContent.Append(file, Encoding.ASCII.GetBytes(text)) with { Subject = path };
        }
    }

    /// <summary>The whole text without the last line's end; empty when it cannot be read.</summary>
    public static string Read(string path)
    {
        byte[] buffer = new byte[16384];
        LinuxResult read = ProcFile.Read(path, buffer);
        return read.Succeeded ? Encoding.ASCII.GetString(buffer, 0, (int)read.Value).TrimEnd('\n') : "";
    }

    /// <summary>Words separated by blanks or lines.</summary>
    public static string[] Words(string path) =>
        Read(path).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A number by its key in a file of lines <c>key number</c>; 0 when it is not there.</summary>
    public static long Counter(string path, string key)
    {
        foreach (string line in Read(path).Split('\n'))
        {
            if (line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length && line[key.Length] == ' '
                && long.TryParse(line.AsSpan(key.Length + 1), CultureInfo.InvariantCulture, out long number))
            {
                return number;
            }
        }

        return 0;
    }

    /// <summary>A file with one number; 0 when it is not there.</summary>
    public static long Number(string path) =>
        long.TryParse(Read(path), CultureInfo.InvariantCulture, out long number) ? number : 0;
}
