using System.Globalization;
using System.Text;

namespace ShellGuard.Cells.Terminals;

/// <summary>Makes hostile text safe to show: what could move the cursor, reorder, hide or overdraw text becomes a
/// visible escape. A backslash is doubled, so that an escape cannot be imitated.</summary>
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
        Append(result, text);
        if (tail.Length == 0 && result.Length <= maximum)
        {
            return result.ToString();
        }

        var end = new StringBuilder();
        Append(end, tail.Length == 0 ? text : tail);
        int half = (maximum - Cut.Length) / 2;
        return $"{Head(result.ToString(), half)}{Cut}{Tail(end.ToString(), half)}";
    }

    /// <summary>Escapes bytes: UTF-8 where it is valid, <c>\xff</c> where it is not.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes, int maximum = DefaultMaximum)
    {
        var result = new StringBuilder();
        ReadOnlySpan<byte> rest = bytes.Length > 4 * maximum ? bytes[..(4 * maximum)] : bytes;
        int marks = 0;
        while (!rest.IsEmpty && result.Length <= maximum)
        {
            if (Rune.DecodeFromUtf8(rest, out Rune rune, out int used) == System.Buffers.OperationStatus.Done)
            {
                AppendRune(result, rune, ref marks);
            }
            else
            {
                foreach (byte invalid in rest[..used])
                {
                    result.Append($"\\x{invalid:x2}");
                }
            }

            rest = rest[used..];
        }

        string text = result.ToString();
        return text.Length <= maximum && rest.IsEmpty && bytes.Length <= 4 * maximum
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

    private static void Append(StringBuilder result, string text)
    {
        int marks = 0;
        int index = 0;
        while (index < text.Length)
        {
            if (Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                AppendRune(result, rune, ref marks);
                index += rune.Utf16SequenceLength;
            }
            else
            {
                // A lone surrogate: not text at all.
                result.Append($"\\u{{{(int)text[index]:x}}}");
                index++;
            }
        }
    }

    private static void AppendRune(StringBuilder result, Rune rune, ref int marks)
    {
        if (rune.IsAscii)
        {
            marks = 0;
            switch (rune.Value)
            {
                case '\n':
                    result.Append("\\n");
                    break;
                case '\r':
                    result.Append("\\r");
                    break;
                case '\t':
                    result.Append("\\t");
                    break;
                case '\\':
                    result.Append("\\\\");
                    break;
                case < 0x20 or 0x7f:
                    result.Append($"\\x{rune.Value:x2}");
                    break;
                default:
                    result.Append((char)rune.Value);
                    break;
            }

            return;
        }

        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        bool mark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
        marks = mark ? marks + 1 : 0;

        // Format holds the bidirectional controls, zero-width characters and tags. More than two marks on one letter
        // would grow over the rows above. Fillers are letters that show nothing.
        bool unsafeToShow = marks > 2 || category is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
            || rune.Value is 0x034f or 0x115f or 0x1160 or 0x2800 or 0x3164 or 0xffa0 or (>= 0xfe00 and <= 0xfe0f);
        if (unsafeToShow)
        {
            result.Append($"\\u{{{rune.Value:x}}}");
        }
        else
        {
            result.Append(rune.ToString());
        }
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
