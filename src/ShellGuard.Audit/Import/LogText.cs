namespace ShellGuard.Audit.Import;

/// <summary>Small readings of bytes that all formats need. None of them throws.</summary>
internal static class LogText
{
    public static bool IsDigit(byte value) => value is >= (byte)'0' and <= (byte)'9';

    public static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    /// <summary>Reads decimal digits at the beginning.</summary>
    /// <returns>How many; 0 for none and for a number above the range.</returns>
    public static int Decimal(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        int used = 0;
        while (used < text.Length && IsDigit(text[used]))
        {
            if (used == 18)
            {
                value = 0;
                return 0;
            }

            value = (value * 10) + (text[used++] - '0');
        }

        return used;
    }

    /// <summary>Reads a number as C writes it: <c>-100</c>, <c>0x80000</c>, <c>0644</c>, <c>3</c>.</summary>
    /// <returns>How many bytes it has; 0 for none.</returns>
    public static int Number(ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        if (text.StartsWith("0x"u8))
        {
            int used = 2;
            while (used < text.Length && used < 18 && Hex(text[used]) is >= 0 and int digit)
            {
                value = (value << 4) | (long)digit;
                used++;
            }

            return used == 2 ? 0 : used;
        }

        if (text.StartsWith("-"u8))
        {
            int used = Decimal(text[1..], out value);
            value = -value;
            return used == 0 ? 0 : used + 1;
        }

        if (text.Length > 1 && text[0] == '0' && text[1] is >= (byte)'0' and <= (byte)'7')
        {
            int used = 1;
            while (used < text.Length && used < 22 && text[used] is >= (byte)'0' and <= (byte)'7')
            {
                value = (value << 3) | (long)(text[used++] - '0');
            }

            return used;
        }

        return Decimal(text, out value);
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int Hex(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    /// <summary>Removes what sets colours on a terminal (ECMA-48, SGR and its kin), in place.</summary>
    /// <returns>The new length.</returns>
    public static int RemoveControlSequences(Span<byte> text)
    {
        int kept = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != 0x1b || i + 1 >= text.Length || text[i + 1] != '[')
            {
                text[kept++] = text[i];
                continue;
            }

            int end = i + 2;
            while (end < text.Length && text[end] is >= 0x20 and <= 0x3f)
            {
                end++;
            }

            i = end;
        }

        return kept;
    }
}
