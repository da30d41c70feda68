using System.Globalization;
using System.Text;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Layers;

/// <summary>Text of hostile origin made safe for a terminal and for a line of a file: control characters, invisible
/// and direction-changing characters, invalid bytes and the backslash become <c>\xNN</c>, one for each byte of UTF-8.
/// Nothing is lost: <see cref="Parse"/> gives the original back.</summary>
public static class SafeText
{
    public static string Escape(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        StringBuilder safe = new(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        int index = 0;
        while (index < text.Length)
        {
            if (Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                if (IsVisible(rune))
                {
                    safe.Append(rune.ToString());
                }
                else
                {
                    Append(safe, bytes[..rune.EncodeToUtf8(bytes)]);
                }

                index += rune.Utf16SequenceLength;
            }
            else
            {
                Append(safe, KernelText.Encode(text.Substring(index, 1)));
                index++;
            }
        }

        return safe.ToString();
    }

    /// <summary>The original of an escaped text, or null when it is not one.</summary>
    public static string? Parse(string safe)
    {
        using MemoryStream bytes = new(safe.Length);
        for (int i = 0; i < safe.Length; i++)
        {
            if (safe[i] != '\\')
            {
                int run = safe.IndexOf('\\', i);
                run = run < 0 ? safe.Length : run;
                bytes.Write(KernelText.Encode(safe[i..run]));
                i = run - 1;
            }
            else if (i + 3 < safe.Length
                && safe[i + 1] == 'x'
                && byte.TryParse(
                    safe.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                bytes.WriteByte(value);
                i += 3;
            }
            else
            {
                return null;
            }
        }

        return KernelText.Decode(bytes.ToArray());
    }

    private static bool IsPlain(string text)
    {
        foreach (char c in text)
        {
            if (c is < ' ' or > '~' or '\\')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsVisible(Rune rune) =>
        rune.Value != '\\' && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
            or UnicodeCategory.Format
            or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator);

    private static void Append(StringBuilder safe, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            safe.Append("\\x").Append(b.ToString("x2", CultureInfo.InvariantCulture));
        }
    }
}
