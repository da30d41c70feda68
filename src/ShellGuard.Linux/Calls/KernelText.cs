using System.Buffers;
using System.Text;

namespace ShellGuard.Linux.Calls;

/// <summary>Names as the kernel has them, which are bytes, as .NET strings without loss. A byte that is not part of
/// valid UTF-8 becomes a lone low surrogate U+DC80 to U+DCFF, which no valid text contains, and goes back to the same
/// byte. Such strings compare ordinally; for people they are rendered first.</summary>
public static class KernelText
{
    private const int EscapeBase = 0xDC00;

    /// <summary>Bytes without the terminating NUL to text.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    /// <summary>Text to bytes, without a terminating NUL.</summary>
    public static byte[] Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uDC80', '\uDCFF'))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        ArrayBufferWriter<byte> bytes = new(text.Length * 3);
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !IsEscape(text, i))
            {
                continue;
            }

            Encoding.UTF8.GetBytes(text.AsSpan(start, i - start), bytes);
            if (i < text.Length)
            {
                bytes.GetSpan(1)[0] = (byte)(text[i] - EscapeBase);
                bytes.Advance(1);
            }

            start = i + 1;
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether every byte of the name is part of valid UTF-8.</summary>
    public static bool IsUnicode(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsEscape(text, i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For a system call: NUL-terminated, or null when the text has a NUL inside, which no path can.</summary>
    internal static byte[]? Terminated(string text)
    {
        byte[] bytes = Encode(text);
        if (bytes.AsSpan().Contains((byte)0))
        {
            return null;
        }

        Array.Resize(ref bytes, bytes.Length + 1);
        return bytes;
    }

    private static bool IsEscape(string text, int index) =>
        text[index] is >= (char)0xDC80 and <= (char)0xDCFF && (index == 0 || !char.IsHighSurrogate(text[index - 1]));
}
