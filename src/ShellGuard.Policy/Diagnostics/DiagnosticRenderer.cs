using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Policy.Diagnostics;

/// <summary>Prints findings for people: position, message, the source line with a caret, the way on.</summary>
public static class DiagnosticRenderer
{
    private const int MaximumWidth = 160;

    /// <summary>Renders all findings, worst file order kept, a line feed after each line.</summary>
    /// <param name="diagnostics">The findings.</param>
    /// <param name="sources">The text of each file by <see cref="Diagnostic.File"/>; a file that is missing is
    /// reported without its line.</param>
    public static string Render(IEnumerable<Diagnostic> diagnostics, IReadOnlyDictionary<string, string> sources)
    {
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            Render(text, diagnostic, sources.GetValueOrDefault(diagnostic.File));
        }

        return text.ToString();
    }

    /// <summary>Renders one finding.</summary>
    public static string Render(Diagnostic diagnostic, string? source)
    {
        var text = new StringBuilder();
        Render(text, diagnostic, source);
        return text.ToString();
    }

    private static void Render(StringBuilder text, Diagnostic diagnostic, string? source)
    {
        text.Append(SafeText.Message(diagnostic.File));
        if (diagnostic.Line > 0)
        {
            text.Append(':').Append(diagnostic.Line).Append(':').Append(diagnostic.Column);
        }

        text.Append(": ").Append(Word(diagnostic.Severity)).Append(": ")
            .Append(SafeText.Message(diagnostic.Message)).Append('\n');
        if (diagnostic.Line > 0 && source is not null && FindLine(source, diagnostic.Line) is { } line)
        {
            AppendSource(text, line, diagnostic.Column - 1, diagnostic.Length);
        }

        if (diagnostic.Suggestion is { } suggestion)
        {
            text.Append("    ").Append(SafeText.Message(suggestion)).Append('\n');
        }
    }

    private static void AppendSource(StringBuilder text, string line, int column, int length)
    {
        // Work on characters, not UTF-16 units; a very long line is shown around the place.
        var runes = SafeText.OneToOne(line).EnumerateRunes().ToArray();
        column = Math.Clamp(column, 0, runes.Length);
        int start = runes.Length <= MaximumWidth ? 0 : Math.Max(0, column - (MaximumWidth / 2));
        int end = Math.Min(runes.Length, start + MaximumWidth);
        length = Math.Clamp(length, 1, Math.Max(1, end - column));
        text.Append("    ");
        foreach (Rune rune in runes.AsSpan(start, end - start))
        {
            text.Append(rune.ToString());
        }

        text.Append("\n    ").Append(' ', column - start).Append('^').Append('~', length - 1).Append('\n');
    }

    private static string? FindLine(string source, int line)
    {
        int start = source.StartsWith('\uFEFF') ? 1 : 0;
        for (; line > 1; line--)
        {
            int newline = source.IndexOf('\n', start);
            if (newline < 0)
            {
                return null;
            }

            start = newline + 1;
        }

        int end = source.IndexOf('\n', start);
        return source[start..(end < 0 ? source.Length : end)].TrimEnd('\r');
    }

    private static string Word(Severity severity) => severity switch
    {
        Severity.Information => "note",
        Severity.Warning => "warning",
        Severity.Danger => "danger",
        _ => "error",
    };
}
