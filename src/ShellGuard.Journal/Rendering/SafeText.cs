using System.Buffers;
using System.Globalization;
using System.Text;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Rendering;

/// <summary>Makes text that a confined program chose harmless on one line of a terminal, and its tricks visible:
/// control characters, line ends, invalid bytes, direction overrides and invisible characters become escapes, a
/// backslash becomes two.</summary>
public static class SafeText
{
    /// <summary>Characters shown of one text.</summary>
    public const int DefaultLimit = 512;

    public static string Of(string text, int limit = DefaultLimit) => Of(Encoding.UTF8.GetBytes(text), limit);

    public static string Of(HostileText text, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.Kept.Span, limit, text.Length);
    }

    /// <param name="bytes">What there is of the text.</param>
    /// <param name="limit">Characters to show.</param>
    /// <param name="length">Length of the whole in bytes, where <paramref name="bytes"/> is its beginning.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int limit = DefaultLimit, long? length = null)
    {
        StringBuilder text = new(Math.Min(bytes.Length, limit) + 16);
        int used = 0;
        while (used < bytes.Length && text.Length < limit)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[used..], out Rune rune, out int consumed);
            if (status == OperationStatus.Done)
            {
                Append(text, rune);
            }
            else
            {
                foreach (byte bad in bytes.Slice(used, consumed))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\x{bad:x2}");
                }
            }

            used += consumed;
        }

        long left = Math.Max(length ?? bytes.Length, bytes.Length) - used;
        return left > 0 ? text.Append(CultureInfo.InvariantCulture, $"…(+{left} bytes)").ToString() : text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        switch (rune.Value)
        {
            case '\\':
                text.Append("\\\\");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case < 0x20 or 0x7f:
                text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            case < 0x7f:
                text.Append((char)rune.Value);
                break;
            default:
                if (IsVisible(rune))
                {
                    text.Append(rune.ToString());
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
                }

                break;
        }
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.EnclosingMark)
        && !IsBlank(rune.Value);

    // Letters and marks that show as nothing: Hangul fillers, Khmer inherent vowels, variation selectors, braille
    // blank, grapheme joiner.
    private static bool IsBlank(int value) => value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x2800
        or 0x3164 or 0xffa0 or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);
}
