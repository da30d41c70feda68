using System.Buffers;
using System.Globalization;
using System.Text;
using ShellGuard.Core.Events;

namespace ShellGuard.Core;

/// <summary>Text that somebody else chose, made harmless on a line of a terminal or a file, with its tricks visible:
/// <c>\n</c>, <c>\r</c>, <c>\t</c>, <c>\x1b</c> for other control characters and for bytes that are no UTF-8,
/// <c>\u{202e}</c> for characters that turn direction, show nothing or are not assigned, <c>\\</c> for a backslash.
/// </summary>
/// <remarks>Where a string has a lone surrogate from U+DC80 to U+DCFF, that stands for a byte that is no UTF-8.
/// </remarks>
public static partial class SafeText
{
    /// <summary>Characters shown of one text, where there is a limit.</summary>
    public const int DefaultLimit = 512;

    /// <summary>Loses nothing: see <see cref="TryParse"/>.</summary>
    public static string Escape(string text)
    {
        if (IsPlain(text) && !text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder safe = new(text.Length + 16);
        Append(safe, text);
        return safe.ToString();
    }

    /// <summary>At most about so many characters, with what is left out at the end.</summary>
    public static string Of(string text, int limit = DefaultLimit) => Of(Encoding.UTF8.GetBytes(text), limit);

    /// <inheritdoc cref="Of(string, int)"/>
    public static string Of(HostileText text, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Of(text.Kept.Span, limit, text.Length);
    }

    /// <inheritdoc cref="Of(string, int)"/>
    /// <param name="bytes">What there is of the text.</param>
    /// <param name="limit">Characters to show.</param>
    /// <param name="length">Length of the whole in bytes, where <paramref name="bytes"/> is its beginning.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int limit = DefaultLimit, long? length = null)
    {
        StringBuilder text = new(Math.Min(bytes.Length, limit) + 16);
        int used = Append(text, bytes, limit);
        long left = Math.Max(length ?? bytes.Length, bytes.Length) - used;
        return left > 0 ? text.Append(CultureInfo.InvariantCulture, $"…(+{left} bytes)").ToString() : text.ToString();
    }

    /// <summary>A whole message, in which names may be escaped already: as <see cref="Escape"/>, but a backslash stays
    /// one.</summary>
    public static string Message(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        StringBuilder safe = new(text.Length);
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == '\\')
            {
                marks = 0;
                safe.Append('\\');
            }
            else
            {
                Append(safe, rune, ref marks);
            }
        }

        return safe.ToString();
    }

    /// <summary>As <see cref="Message"/>, cut to about <paramref name="maximum"/> characters.</summary>
    public static string Shorten(string text, int maximum)
    {
        if (text.Length <= maximum)
        {
            return Message(text);
        }

        int end = char.IsHighSurrogate(text[maximum - 1]) ? maximum - 1 : maximum;
        return Message(text[..end]) + "…";
    }

    /// <summary>Replaces what would be escaped by one visible character, so that columns stay where they were.</summary>
    public static string OneToOne(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        StringBuilder safe = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            safe.Append(IsVisible(rune) ? rune.ToString() : rune.Value == '\t' ? " " : "\uFFFD");
        }

        return safe.ToString();
    }

    /// <summary>Appends text, escaped.</summary>
    public static void Append(StringBuilder safe, string text)
    {
        int marks = 0;
        int index = 0;
        while (index < text.Length)
        {
            if (Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                Append(safe, rune, ref marks);
                index += rune.Utf16SequenceLength;
            }
            else
            {
                int unit = text[index++];
                safe.Append(unit is >= 0xdc80 and <= 0xdcff ? $"\\x{unit & 0xff:x2}" : $"\\u{{{unit:x}}}");
            }
        }
    }

    /// <summary>Appends bytes, escaped, until the text has so many characters.</summary>
    /// <returns>How many bytes were used.</returns>
    public static int Append(StringBuilder safe, ReadOnlySpan<byte> bytes, int limit)
    {
        int used = 0;
        int marks = 0;
        while (used < bytes.Length && safe.Length < limit)
        {
            if (Rune.DecodeFromUtf8(bytes[used..], out Rune rune, out int consumed) == OperationStatus.Done)
            {
                Append(safe, rune, ref marks);
            }
            else
            {
                foreach (byte bad in bytes.Slice(used, consumed))
                {
                    safe.Append(CultureInfo.InvariantCulture, $"\\x{bad:x2}");
                }
            }

            used += consumed;
        }

        return used;
    }

    private static void Append(StringBuilder safe, Rune rune, ref int marks)
    {
        marks = Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark ? marks + 1 : 0;
        switch (rune.Value)
        {
            case '\\':
                safe.Append("\\\\");
                break;
            case '\n':
                safe.Append("\\n");
                break;
            case '\r':
                safe.Append("\\r");
                break;
            case '\t':
                safe.Append("\\t");
                break;
            case < 0x20 or 0x7f:
                safe.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            case < 0x7f:
                safe.Append((char)rune.Value);
                break;
            default:
                // More than two marks on one letter would grow over the lines above.
                safe.Append(
                    marks <= 2 && IsVisible(rune)
                        ? rune.ToString()
                        : string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"));
                break;
        }
    }

    private static bool IsPlain(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    // Format holds the bidirectional controls, zero-width characters and tags; other spaces than the usual one can
    // hide that a name ends.
    private static bool IsVisible(Rune rune) => rune.Value == ' ' || (Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.EnclosingMark)
        && !IsBlank(rune.Value));

    // Letters and marks that show as nothing: Hangul fillers, Khmer inherent vowels, variation selectors, braille
    // blank, grapheme joiner.
    private static bool IsBlank(int value) => value is 0x034f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x2800
        or 0x3164 or 0xffa0 or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef);
}
