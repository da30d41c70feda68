namespace ShellGuard.Audit.Import.Strace;

/// <summary>Strings as strace quotes them (string_quote in its source): C escapes, octal, or all hexadecimal.</summary>
internal static class StraceText
{
    /// <summary>Decodes what stands between quotes.</summary>
    /// <param name="destination">As long as the text at least.</param>
    /// <returns>How many bytes there are.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf((byte)'\\');
            if (plain < 0)
            {
                text.CopyTo(destination[written..]);
                return written + text.Length;
            }

            text[..plain].CopyTo(destination[written..]);
            written += plain;
            text = text[(plain + 1)..];
            text = text[One(text, out destination[written++])..];
        }

        return written;
    }

    /// <summary>Decodes a quoted string.</summary>
    /// <param name="text">Begins with the opening quote.</param>
    /// <param name="destination">As long as the text at least.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="isCut">Whether the recorder shows the beginning only.</param>
    /// <returns>Behind the string and its <c>...</c>; -1 where it is none.</returns>
    public static int Unquote(ReadOnlySpan<byte> text, Span<byte> destination, out int length, out bool isCut)
    {
        length = 0;
        isCut = false;
        if (!text.StartsWith("\""u8))
        {
            return -1;
        }

        int end = StraceScanner.StringEnd(text, 1);
        if (end < 0)
        {
            return -1;
        }

        length = Unescape(text[1..(end - 1)], destination);
        isCut = text[end..].StartsWith("..."u8);
        return isCut ? end + 3 : end;
    }

    private static int One(ReadOnlySpan<byte> text, out byte value)
    {
        if (text.IsEmpty)
        {
            value = (byte)'\\';
            return 0;
        }

        switch (text[0])
        {
            case (byte)'n':
                value = (byte)'\n';
                return 1;
            case (byte)'t':
                value = (byte)'\t';
                return 1;
            case (byte)'r':
                value = (byte)'\r';
                return 1;
            case (byte)'f':
                value = (byte)'\f';
                return 1;
            case (byte)'v':
                value = (byte)'\v';
                return 1;
            case (byte)'x' when text.Length >= 3 && LogText.Hex(text[1]) >= 0 && LogText.Hex(text[2]) >= 0:
                value = (byte)((LogText.Hex(text[1]) << 4) | LogText.Hex(text[2]));
                return 3;
            case >= (byte)'0' and <= (byte)'7':
                int octal = 0;
                int used = 0;
                while (used < 3 && used < text.Length && text[used] is >= (byte)'0' and <= (byte)'7')
                {
                    octal = (octal << 3) | (text[used++] - '0');
                }

                value = (byte)octal;
                return used;
            default:
                value = text[0];
                return 1;
        }
    }
}
