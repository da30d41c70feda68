using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;

namespace ShellGuard.Leash.Lines;

/// <summary>The whole language: a line runs if and only if its bytes, trimmed, are those of a name. There are no words, no
/// quotes, no variables and nothing else to get out of.</summary>
public static class LineLanguage
{
    /// <summary>A longer line is denied without being looked at, in bytes: no name is as long.</summary>
    public const int MaximumBytes = 64 * 1024;

    /// <summary>Blanks around a line. The carriage return is one so that files with CRLF work.</summary>
    private const string AsciiBlanks = " \t\r";

    /// <summary>Judges a line.</summary>
    /// <param name="line">Without its line feed.</param>
    public static LineJudgement Judge(ReadOnlySpan<byte> line, LeashConfiguration configuration)
    {
        if (line.Length > MaximumBytes)
        {
            return LineJudgement.Denied(LineReason.TooLong);
        }

        if (!Utf8.IsValid(line))
        {
            return LineJudgement.Denied(LineReason.NotText);
        }

        // Valid UTF-8 and strings stand for each other one to one, so comparing strings compares bytes.
        string text = Trim(Encoding.UTF8.GetString(line), configuration.Settings.Compatibility);
        if (text.Length == 0 || text[0] == '#')
        {
            return LineJudgement.Nothing;
        }

        if (HasControl(text))
        {
            return LineJudgement.Denied(LineReason.ControlCharacter);
        }

        if (configuration.Settings.Help && text == "help")
        {
            return LineJudgement.Help;
        }

        return configuration.Find(text) is { } entry
            ? new LineJudgement(entry, LineReason.None)
            : LineJudgement.Denied(LineReason.NotListed);
    }

    private static string Trim(string text, Compatibility compatibility) =>
        compatibility.UnicodeBlanks ? text.Trim() : text.Trim([.. AsciiBlanks]);

    private static bool HasControl(string text)
    {
        foreach (char c in text)
        {
            // All characters of the category lie in the first plane.
            if (char.GetUnicodeCategory(c) is UnicodeCategory.Control)
            {
                return true;
            }
        }

        return false;
    }
}
