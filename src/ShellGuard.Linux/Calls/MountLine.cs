using System.Globalization;
using System.Text;

namespace ShellGuard.Linux.Calls;

/// <summary>One mount as proc_pid_mountinfo(5) has it.</summary>
/// <param name="Id">Of the mount, as statx(2) gives it.</param>
/// <param name="Device">Of its file system, as st_dev gives it where no overlay stands between.</param>
/// <param name="Root">Which directory of the file system is shown.</param>
/// <param name="Point">Where.</param>
/// <param name="Options">Of this mount, with commas between them.</param>
/// <param name="Type">Of the file system, such as tmpfs.</param>
/// <param name="SuperOptions">The options of the file system, with commas between them.</param>
public sealed record MountLine(ulong Id, ulong Device, string Root, string Point, string Options, string Type, string SuperOptions)
{
    /// <summary>The mounts of a process.</summary>
    /// <param name="process">A process or thread, or "self".</param>
    /// <exception cref="IOException">It has ended, or this process may not look at it.</exception>
    public static IReadOnlyList<MountLine> Of(string process) =>
        All(Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process}/mountinfo")));

    /// <summary>The mounts in the text of a mountinfo file.</summary>
    public static IReadOnlyList<MountLine> All(string text) => [.. text.Split('\n').Select(Parse).OfType<MountLine>()];

    /// <summary>Null for what is no such line.</summary>
    public static MountLine? Parse(string line)
    {
        // mount id, parent id, major:minor, root, mount point, options, optional fields…, -, type, source, options
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        if (separator < 0 || separator + 3 >= fields.Length
            || !ulong.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id)
            || fields[2].Split(':') is not [var major, var minor]
            || !uint.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out uint majorNumber)
            || !uint.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out uint minorNumber))
        {
            return null;
        }

        return new MountLine(
            id, ObjectPath.MakeDevice(majorNumber, minorNumber), Unescape(fields[3]), Unescape(fields[4]),
            fields[5], fields[separator + 1], fields[separator + 3]);
    }

    /// <summary>Blanks and backslashes are octal escapes; the backslash is the last to come back.</summary>
    private static string Unescape(string field) =>
        !field.Contains('\\', StringComparison.Ordinal)
            ? field
            : field.Replace("\\040", " ", StringComparison.Ordinal)
                .Replace("\\011", "\t", StringComparison.Ordinal)
                .Replace("\\012", "\n", StringComparison.Ordinal)
                .Replace("\\134", "\\", StringComparison.Ordinal);
}
