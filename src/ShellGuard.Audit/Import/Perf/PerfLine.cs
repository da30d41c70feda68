using System.Buffers;
using System.Globalization;
using System.Text;

namespace ShellGuard.Audit.Import.Perf;

/// <summary>A line of perf, taken apart.</summary>
/// <param name="Thread">The thread; 0 where the line does not tell.</param>
/// <param name="Time">Seconds with a fraction, or milliseconds for perf trace; empty where there is none.</param>
/// <param name="Event">The tracepoint; empty for perf trace.</param>
/// <param name="Rest">What stands behind.</param>
internal sealed record PerfLine(int Thread, string Time, string Event, string Rest)
{
    /// <summary>Bytes of a line that is looked at.</summary>
    private const int Longest = 64 * 1024;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    private static readonly SearchValues<char> DurationCharacters = SearchValues.Create(" .0123456789ms");

    /// <summary><c>comm 4711 [001] 47344.101700: syscalls:sys_enter_openat: …</c>. A command's name may have blanks in it,
    /// the process may stand before the thread, and the processor may be missing.</summary>
    /// <returns>Null where it is no such line.</returns>
    public static PerfLine? Script(ReadOnlySpan<byte> line)
    {
        if (line.Length > Longest)
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(line);
        for (int colon = text.IndexOf(": ", StringComparison.Ordinal); colon > 0; colon = text.IndexOf(": ", colon + 1, StringComparison.Ordinal))
        {
            int start = text.LastIndexOf(' ', colon) + 1;
            if (!IsTime(text.AsSpan(start, colon - start)))
            {
                continue;
            }

            ReadOnlySpan<char> before = text.AsSpan(0, start).TrimEnd();
            int bracket = before.LastIndexOf('[');
            if (bracket > 0 && before[^1] == ']' && IsDigits(before[(bracket + 1)..^1]))
            {
                before = before[..bracket].TrimEnd();
            }

            int number = before.LastIndexOfAny(' ', '/') + 1;
            string rest = text[(colon + 2)..].TrimStart();
            int period = rest.IndexOf(' ', StringComparison.Ordinal);
            rest = period > 0 && IsDigits(rest.AsSpan(0, period)) ? rest[period..].TrimStart() : rest;
            int end = rest.IndexOf(": ", StringComparison.Ordinal);
            end = end < 0 && rest.EndsWith(':') ? rest.Length - 1 : end;
            return number > 0 && IsDigits(before[number..]) && end > 0 && rest.AsSpan(0, end).Contains(':') && !rest.AsSpan(0, end).Contains(' ')
                ? new PerfLine(Number(before[number..]), text[start..colon], rest[..end], rest[Math.Min(rest.Length, end + 2)..].Trim())
                : null;
        }

        return null;
    }

    /// <summary><c>0.264 ( 0.007 ms): true/30386 openat(…) = 4</c>; <c>?</c> where the beginning was not seen.</summary>
    /// <returns>Null where it is no such line.</returns>
    public static PerfLine? Trace(ReadOnlySpan<byte> line)
    {
        if (line.Length > Longest)
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(line).Trim();
        int open = text.IndexOf(" (", StringComparison.Ordinal);
        int close = open < 0 ? -1 : text.IndexOf("): ", open, StringComparison.Ordinal);
        if (close < 0 || !(text[..open] == "?" || IsTime(text.AsSpan(0, open))) || text.AsSpan(open + 2, close - open - 2).IndexOfAnyExcept(DurationCharacters) >= 0)
        {
            return null;
        }

        string rest = text[(close + 3)..].TrimStart();
        int thread = 0, call = rest.IndexOf('(', StringComparison.Ordinal);
        int slash = rest.AsSpan(0, Math.Max(call, 0)).LastIndexOf('/');
        int blank = slash < 0 ? -1 : rest.IndexOf(' ', slash);
        if (blank > slash && IsDigits(rest.AsSpan(slash + 1, blank - slash - 1)))
        {
            thread = Number(rest.AsSpan(slash + 1, blank - slash - 1));
            rest = rest[blank..].TrimStart();
        }

        return new PerfLine(thread, text[..open] == "?" ? "" : text[..open], "", rest);
    }

    /// <summary><c>sched:sched_switch(prev_pid: 7)</c>, <c>sched:sched_switch:prev_pid=7</c>: two names with a colon between them.</summary>
    public static bool IsTracepoint(string text)
    {
        int group = NameLength(text), name = group > 0 && text.AsSpan(group).StartsWith(":") ? NameLength(text.AsSpan(group + 1)) : 0;
        int end = group + 1 + name;
        return name > 0 && (end == text.Length || text[end] is '(' or ':' or ' ');
    }

    private static int NameLength(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(NameCharacters) is >= 0 and int end ? end : text.Length;

    private static int Number(ReadOnlySpan<char> text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool IsTime(ReadOnlySpan<char> text) => text.IndexOf('.') is > 0 and int point && IsDigits(text[..point]) && IsDigits(text[(point + 1)..]);
}
