namespace ShellGuard.Audit.Import.Strace;

/// <summary>What stands before the body of a line of strace's: process, context, times, system call number,
/// instruction pointer; each there or not, by options (printleader in strace's source).</summary>
internal static class StraceLeader
{
    /// <summary>A process number is below 2^22 (proc(5), pid_max); a larger number alone is a time in seconds.
    /// </summary>
    private const long MaxPid = 4_194_304;

    /// <param name="pid">The thread, or 0 where the line does not tell.</param>
    /// <returns>Where the body begins.</returns>
    public static int Read(ReadOnlySpan<byte> line, out int pid) => Read(line, out pid, out _);

    /// <param name="pid">The thread, or 0 where the line does not tell.</param>
    /// <param name="time">The time or the difference of times that stands first, as it is written; empty for none.</param>
    /// <returns>Where the body begins.</returns>
    public static int Read(ReadOnlySpan<byte> line, out int pid, out ReadOnlySpan<byte> time)
    {
        pid = 0;
        time = default;
        bool timeSeen = false;
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            ReadOnlySpan<byte> rest = line[at..];
            int length = rest.IsEmpty ? 0
                : rest[0] == '[' ? Bracket(rest, ref pid)
                : rest.StartsWith("(+"u8) ? rest.IndexOf(") "u8) + 1
                : LogText.IsDigit(rest[0]) ? Number(rest, ref pid, ref timeSeen)
                : 0;
            if (length <= 0)
            {
                return at;
            }

            if (timeSeen && time.IsEmpty)
            {
                time = rest[..length];
            }

            at += length;
        }
    }

    /// <summary><c>[pid 12] </c>, <c>[pid 12&lt;name&gt;] </c>, <c>[ 257] </c>, <c>[00007f…] </c>, a security
    /// context.</summary>
    private static int Bracket(ReadOnlySpan<byte> text, ref int pid)
    {
        if (text.StartsWith("[pid "u8))
        {
            int at = 5;
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }

            int digits = LogText.Decimal(text[at..], out long number);
            at += digits + CommandName(text[(at + digits)..]);
            if (digits == 0 || number > MaxPid || !text[at..].StartsWith("]"u8))
            {
                return 0;
            }

            pid = (int)number;
            return at + 1;
        }

        // Older versions say this without "strace: " in front.
        if (text.StartsWith("[ Process PID="u8))
        {
            return 0;
        }

        int end = text.IndexOf("] "u8);
        return end + 1;
    }

    /// <summary><c>&lt;name&gt;</c>, where angle brackets in the name are escaped.</summary>
    private static int CommandName(ReadOnlySpan<byte> text) =>
        text.StartsWith("<"u8) ? text.IndexOf((byte)'>') + 1 : 0;

    private static int Number(ReadOnlySpan<byte> text, ref int pid, ref bool timeSeen)
    {
        int digits = LogText.Decimal(text, out long value);
        if (digits == 0)
        {
            return 0;
        }

        byte next = digits < text.Length ? text[digits] : (byte)' ';
        if (next == '<' && pid == 0 && value is > 0 and <= MaxPid && CommandName(text[digits..]) is > 0 and int name)
        {
            pid = (int)value;
            return digits + name;
        }

        if (next is (byte)':' or (byte)'.')
        {
            int end = digits;
            while (end < text.Length && (LogText.IsDigit(text[end]) || text[end] is (byte)':' or (byte)'.'))
            {
                end++;
            }

            timeSeen = true;
            return end < text.Length && text[end] == ' ' ? end : 0;
        }

        if (next != ' ')
        {
            return 0;
        }

        if (pid == 0 && !timeSeen && value is > 0 and <= MaxPid)
        {
            pid = (int)value;
        }
        else
        {
            timeSeen = true;
        }

        return digits;
    }
}
