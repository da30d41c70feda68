namespace ShellGuard.Audit.Import.Packing;

/// <summary>A prefix code of DEFLATE, told by the lengths of its words (RFC 1951, 3.2.2).</summary>
internal sealed class HuffmanCode
{
    private const int Longest = 15;

    // By the next 15 bits: the symbol, and in the lowest four bits the length of its word; 0 where no word begins so.
    private readonly ushort[] _words = new ushort[1 << Longest];

    /// <param name="lengths">The length of each symbol's word; 0 for none.</param>
    /// <exception cref="InvalidDataException">No code has such words.</exception>
    public void Set(ReadOnlySpan<byte> lengths)
    {
        Span<int> counts = stackalloc int[Longest + 1];
        counts.Clear();
        foreach (byte length in lengths)
        {
            counts[length]++;
        }

        counts[0] = 0;
        Span<int> next = stackalloc int[Longest + 1];
        int code = 0;
        for (int length = 1; length <= Longest; length++)
        {
            code = (code + counts[length - 1]) << 1;
            next[length] = code;
            if (code + counts[length] > 1 << length)
            {
                throw new InvalidDataException("a code of the packed data has too many words");
            }
        }

        Array.Clear(_words);
        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            int length = lengths[symbol];
            if (length == 0)
            {
                continue;
            }

            for (int bits = Reversed(next[length]++, length); bits < _words.Length; bits += 1 << length)
            {
                _words[bits] = (ushort)((symbol << 4) | length);
            }
        }
    }

    /// <exception cref="InvalidDataException">No word stands there.</exception>
    /// <exception cref="EndOfStreamException">The data ends within it.</exception>
    public int Take(BitInput input)
    {
        int word = _words[input.Peek(Longest)];
        if (word == 0)
        {
            throw new InvalidDataException("no word of the packed data's code");
        }

        input.Skip(word & 0xf);
        return word >> 4;
    }

    private static int Reversed(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        return reversed;
    }
}
