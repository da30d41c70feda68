using System.Text;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Hostile text (see <see cref="SafeText"/>) in the room that there is on a line of a terminal.</summary>
public static class DisplayText
{
    /// <summary>How many characters a text has at most unless the caller says otherwise.</summary>
    public const int DefaultMaximum = 240;

    private const string Cut = "[...]";

    /// <summary>Escapes; a text longer than the bound loses its middle, because the end of a host name and the end of a
    /// path say as much as their beginnings.</summary>
    /// <param name="maximum">In UTF-16 units of the result; at least 16.</param>
    public static string Escape(string text, int maximum = DefaultMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 16);

        // A megabyte argument is not escaped as a whole only to be thrown away: no character's escape is shorter than
        // the character.
        string tail = "";
        if (text.Length > 2 * maximum)
        {
            tail = text[^maximum..];
            text = text[..maximum];
        }

        var result = new StringBuilder(Math.Min(maximum, text.Length) + 16);
        SafeText.Append(result, text);
        if (tail.Length == 0 && result.Length <= maximum)
        {
            return result.ToString();
        }

        var end = new StringBuilder();
        SafeText.Append(end, tail.Length == 0 ? text : tail);
        int half = (maximum - Cut.Length) / 2;
        return $"{Head(result.ToString(), half)}{Cut}{Tail(end.ToString(), half)}";
    }

    /// <summary>Escapes bytes: UTF-8 where it is valid, <c>\xff</c> where it is not.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes, int maximum = DefaultMaximum)
    {
        StringBuilder result = new();
        int used = SafeText.Append(result, bytes, maximum + 1);
        string text = result.ToString();
        return text.Length <= maximum && used == bytes.Length
            ? text
            : Head(text, maximum - Cut.Length) + Cut;
    }

    /// <summary>Columns that an escaped text takes at most: every character outside ASCII counts double.</summary>
    internal static int Width(string escaped)
    {
        int width = 0;
        foreach (char unit in escaped)
        {
            width += unit < 0x80 ? 1 : 2;
        }

        return width;
    }

    /// <summary>The longest beginning of an escaped text that fits into so many columns.</summary>
    internal static string Fit(string escaped, int columns)
    {
        int width = 0;
        int length = 0;
        foreach (Rune rune in escaped.EnumerateRunes())
        {
            width += rune.IsAscii ? 1 : 2 * rune.Utf16SequenceLength;
            if (width > columns)
            {
                return escaped[..length];
            }

            length += rune.Utf16SequenceLength;
        }

        return escaped;
    }

    private static string Head(string text, int length)
    {
        length = Math.Min(length, text.Length);
        return length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private static string Tail(string text, int length)
    {
        int start = Math.Max(0, text.Length - length);
        return start < text.Length && char.IsLowSurrogate(text[start]) ? text[(start + 1)..] : text[start..];
    }
}
