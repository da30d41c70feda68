using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Terminals;

/// <summary>Draws a question over the whole screen. Every text of the cell is escaped and cut, but for the target, which stands
/// there whole or cannot be allowed; a row never wraps.</summary>
internal static class QuestionScreen
{
    /// <summary>Longer than any endpoint: a name has 253 characters at most.</summary>
    private const int LongestTarget = 400;

    /// <summary>The keys, and the time that is left.</summary>
    private const int KeyRows = 2;

    /// <summary>Whether the person can read what is asked. Where not, the only answer is no.</summary>
    internal static bool ShowsTarget(Access access, WindowSize size)
    {
        (int columns, int rows) = Room(size);
        return access.Target.Length <= LongestTarget && What(access, columns).Count <= rows - KeyRows;
    }

    /// <param name="secondsLeft">Until it is denied.</param>
    /// <param name="armed">Whether keys count yet.</param>
    /// <param name="behind">How many questions wait behind this one.</param>
    internal static string Draw(
        Access access, int secondsLeft, bool armed, int behind, WindowSize size, bool colour)
    {
        (int columns, int rows) = Room(size);
        List<string> lines = ShowsTarget(access, size)
            ? Arrange(access, secondsLeft, armed, behind, columns, rows)
            : [" window too small [d]eny", "  make it larger to see what is asked", $"  denied in {secondsLeft} s"];

        var text = new StringBuilder("\e[0m");
        for (int row = 0; row < rows; row++)
        {
            text.Append($"\e[{row + 1};1H");
            if (row < lines.Count)
            {
                string line = DisplayText.Fit(lines[row], columns - 1);
                bool title = row == 0;
                text.Append(title ? "\e[7m" : "").Append(line);
                text.Append(title ? new string(' ', Math.Max(0, columns - 1 - DisplayText.Width(line))) : "");
                text.Append("\e[0m");
            }

            text.Append("\e[K");
        }

        return colour ? text.ToString().Replace("\e[7m", "\e[1;30;43m", StringComparison.Ordinal) : text.ToString();
    }

    private static List<string> Arrange(
        Access access, int secondsLeft, bool armed, int behind, int columns, int rows)
    {
        string more = behind > 0 ? $" ({behind} more waiting)" : "";
        string[] keys = armed
            ? ["  [o] once, only now", "  [s] for this session", "  [a] always: adds a rule to your policy", "  [d] deny"]
            : ["  keys count as soon as nothing has been typed for a moment"];
        string status = $"  denied in {secondsLeft} s without an answer; the cell is held until then";
        List<string> what = What(access, columns);
        string who = "  who   " + Who(access.Chain);
        string why = "  why   " + DisplayText.Escape(access.Verdict.Reason, 200);
        string rule = "  rule  " + DisplayText.Escape(access.Verdict.Rule.ToString(), 200);

        List<string> full = [$" shellguard asks{more}", "", who, .. what, why, rule, "", .. keys, "", status];
        if (full.Count <= rows)
        {
            return full;
        }

        string shortKeys = !armed ? " wait: do not type" : columns > 36
            ? "  [o]nce [s]ession [a]lways [d]eny"
            : " [o] [s] [a] [d]";
        List<string> small = [.. what, shortKeys, $"  denied in {secondsLeft} s"];
        foreach (string line in (ReadOnlySpan<string>)[who, rule, why])
        {
            if (small.Count + 1 < rows)
            {
                small.Insert(0, line);
            }
        }

        if (small.Count < rows)
        {
            small.Insert(0, $" shellguard asks{more}");
        }

        return small;
    }

    /// <summary>A terminal that does not say its size is as small as terminals get.</summary>
    private static (int Columns, int Rows) Room(WindowSize size) =>
        (size.Columns > 0 ? size.Columns : 80, size.Rows > 0 ? size.Rows : 24);

    // The target decides, so it is wrapped instead of cut.
    private static List<string> What(Access access, int columns)
    {
        int width = Math.Max(8, columns - 9);
        string text = $"{NoticeText.Verb(access.Operation)} {DisplayText.Escape(access.Target, 10 * LongestTarget)}";
        List<string> lines = [];
        while (text.Length > 0)
        {
            string part = DisplayText.Fit(text, width);
            lines.Add((lines.Count == 0 ? "  what  " : "        ") + part);
            text = text[part.Length..];
        }

        return lines;
    }

    private static string Who(IReadOnlyList<ProcessIdentity> chain)
    {
        var text = new StringBuilder();
        foreach (ProcessIdentity process in chain.Take(4))
        {
            text.Append(text.Length > 0 ? " < " : "").Append(NoticeText.Program(process)).Append($" ({process.Pid})");
        }

        return text.Append(chain.Count > 4 ? " < ..." : "").ToString();
    }
}
