using System.Buffers;
using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Rendering;

/// <summary>Shows arguments on one line: secrets hidden, tricks visible, quoted where a space would mislead.</summary>
public static class CommandLine
{
    private const int MaxCharacters = 2048;

    private static readonly SearchValues<char> Misleading = SearchValues.Create(" '\"$`|&;<>()*?[]{}!#~");

    /// <summary>One line, safe on any terminal.</summary>
    public static string Of(ArgumentVector arguments)
    {
        StringBuilder text = new();
        int shown = 0;
        foreach (HostileText argument in Redaction.Arguments(arguments.Kept))
        {
            if (text.Length >= MaxCharacters)
            {
                break;
            }

            text.Append(shown == 0 ? "" : " ").Append(Quote(SafeText.Of(argument)));
            shown++;
        }

        if (arguments.Count > shown)
        {
            text.Append(CultureInfo.InvariantCulture, $" …(+{arguments.Count - shown} arguments)");
        }

        return text.ToString();
    }

    private static string Quote(string safe) =>
        safe.Length == 0 || safe.AsSpan().ContainsAny(Misleading)
            ? $"'{safe.Replace("'", "\\'", StringComparison.Ordinal)}'"
            : safe;
}
