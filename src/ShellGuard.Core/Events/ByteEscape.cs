using System.Buffers;
using System.Text;

namespace ShellGuard.Core.Events;

/// <summary>A reversible way to write any bytes as text: valid UTF-8 stands for itself, a byte that is not part of
/// valid UTF-8 becomes <c>\xHH</c>, a backslash becomes two.</summary>
public static class ByteEscape
{
    /// <summary>How many times longer than its source an escaped text can be.</summary>
    public const int MaxExpansion = 4;

    private static ReadOnlySpan<byte> Hex => "0123456789abcdef"u8;

    /// <summary>Escapes into UTF-8.</summary>
    /// <param name="destination">At least <see cref="MaxExpansion"/> times <paramref name="source"/>.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Escape(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int written = 0;
        while (!source.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(source, out Rune rune, out int consumed);
            if (status != OperationStatus.Done)
            {
                foreach (byte bad in source[..consumed])
                {
                    destination[written++] = (byte)'\\';
                    destination[written++] = (byte)'x';
                    destination[written++] = Hex[bad >> 4];
                    destination[written++] = Hex[bad & 15];
                }
            }
            else
            {
                if (rune.Value == '\\')
                {
                    destination[written++] = (byte)'\\';
                }

                source[..consumed].CopyTo(destination[written..]);
                written += consumed;
            }

            source = source[consumed..];
        }

        return written;
    }

    /// <summary>Escapes into a string.</summary>
    public static string Escape(ReadOnlySpan<byte> source)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, source.Length * MaxExpansion));
        try
        {
            return Encoding.UTF8.GetString(buffer, 0, Escape(source, buffer));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The bytes that an escaped text stands for.</summary>
    /// <returns>False for a text that <see cref="Escape(ReadOnlySpan{byte})"/> cannot have written.</returns>
    public static bool TryUnescape(string text, out byte[] bytes)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int written = 0;
        for (int index = 0; index < utf8.Length; index++)
        {
            if (utf8[index] != '\\')
            {
                utf8[written++] = utf8[index];
                continue;
            }

            if (index + 1 < utf8.Length && utf8[index + 1] == '\\')
            {
                utf8[written++] = (byte)'\\';
                index++;
            }
            else if (index + 3 < utf8.Length && utf8[index + 1] == 'x'
                && Hex.IndexOf(utf8[index + 2]) is int high and >= 0
                && Hex.IndexOf(utf8[index + 3]) is int low and >= 0)
            {
                utf8[written++] = (byte)((high << 4) | low);
                index += 3;
            }
            else
            {
                bytes = [];
                return false;
            }
        }

        bytes = utf8[..written];
        return true;
    }
}
