namespace ShellGuard.Audit.Import.Packing;

/// <summary>Unpacks DEFLATE (RFC 1951), and takes not one byte of what stands behind it: .NET's own decoder reads ahead, and
/// who uses it cannot tell what follows.</summary>
internal sealed class InflateDecoder(BitInput input)
{
    private const int WindowSize = 32 * 1024, EndOfBlock = 256, MaxLengths = 288, MaxDistances = 30;

    private static ReadOnlySpan<byte> LengthOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static ReadOnlySpan<ushort> LengthBases =>
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static ReadOnlySpan<byte> LengthBits => [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static ReadOnlySpan<ushort> DistanceBases =>
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];

    private readonly byte[] _window = new byte[WindowSize];
    private readonly HuffmanCode _literals = new();
    private readonly HuffmanCode _distances = new();
    private long _written;
    private bool _isLast;
    private bool _inCodes;

    // What is left of stored bytes, and of a repetition.
    private int _stored;
    private int _repeated;
    private int _distance;
    private Exception? _failure;

    /// <summary>Begins anew.</summary>
    public void Reset() => (_written, _isLast, _inCodes, _stored, _repeated) = (0, false, false, 0, 0);

    /// <returns>0 at the end.</returns>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public int Read(Span<byte> buffer)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        int filled = 0;
        try
        {
            Fill(buffer, ref filled);
        }
        catch (Exception failure) when (filled > 0 && (failure is InvalidDataException or EndOfStreamException))
        {
            // What came before is as good as ever; the next call says what is wrong.
            _failure = failure;
        }

        return filled;
    }

    private void Fill(Span<byte> buffer, ref int filled)
    {
        while (filled < buffer.Length)
        {
            if (_repeated > 0)
            {
                PutAgain(buffer, ref filled);
            }
            else if (_stored > 0)
            {
                _stored--;
                Put((byte)input.Take(8), buffer, ref filled);
            }
            else if (_inCodes)
            {
                int symbol = _literals.Take(input);
                if (symbol < EndOfBlock)
                {
                    Put((byte)symbol, buffer, ref filled);
                }
                else
                {
                    _inCodes = symbol != EndOfBlock;
                    if (_inCodes)
                    {
                        Repeat(symbol - EndOfBlock - 1);
                    }
                }
            }
            else if (_isLast)
            {
                return;
            }
            else
            {
                Block();
            }
        }
    }

    private void Put(byte value, Span<byte> buffer, ref int filled)
    {
        _window[_written++ & (WindowSize - 1)] = value;
        buffer[filled++] = value;
    }

    /// <summary>A run of a repetition, as long as neither the end of the ring nor what the run itself makes comes into
    /// it: what is repeated from less far than it is long goes run by run.</summary>
    private void PutAgain(Span<byte> buffer, ref int filled)
    {
        int from = (int)(_written - _distance) & (WindowSize - 1), to = (int)_written & (WindowSize - 1);
        int run = Math.Min(
            Math.Min(_repeated, buffer.Length - filled), Math.Min(_distance, WindowSize - Math.Max(from, to)));
        _window.AsSpan(from, run).CopyTo(_window.AsSpan(to));
        _window.AsSpan(to, run).CopyTo(buffer[filled..]);
        (_written, _repeated, filled) = (_written + run, _repeated - run, filled + run);
    }

    private void Repeat(int symbol)
    {
        if (symbol >= LengthBases.Length)
        {
            throw new InvalidDataException("a length of the packed data that is none");
        }

        _repeated = LengthBases[symbol] + (int)input.Take(LengthBits[symbol]);
        int distance = _distances.Take(input);
        if (distance >= MaxDistances)
        {
            throw new InvalidDataException("a distance of the packed data that is none");
        }

        _distance = DistanceBases[distance] + (int)input.Take(Math.Max(0, (distance / 2) - 1));
        if (_distance > _written)
        {
            throw new InvalidDataException("the packed data repeats what is not there");
        }
    }

    private void Block()
    {
        _isLast = input.Take(1) == 1;
        switch (input.Take(2))
        {
            case 0:
                input.Align();
                _stored = (int)input.Take(16);
                if (input.Take(16) != (~_stored & 0xffff))
                {
                    throw new InvalidDataException("a length of the packed data that is none");
                }

                break;
            case 1:
                Span<byte> lengths = stackalloc byte[MaxLengths];
                lengths[..144].Fill(8);
                lengths[144..256].Fill(9);
                lengths[256..280].Fill(7);
                lengths[280..].Fill(8);
                _literals.Set(lengths);
                lengths[..32].Fill(5);
                _distances.Set(lengths[..32]);
                _inCodes = true;
                break;
            case 2:
                Codes();
                _inCodes = true;
                break;
            default:
                throw new InvalidDataException("a block of the packed data of no kind");
        }
    }

    /// <summary>The codes that a block has for itself, 3.2.7.</summary>
    private void Codes()
    {
        int literals = (int)input.Take(5) + 257, distances = (int)input.Take(5) + 1, given = (int)input.Take(4) + 4;
        if (literals > 286 || distances > MaxDistances)
        {
            throw new InvalidDataException("a code of the packed data has too many words");
        }

        Span<byte> lengths = stackalloc byte[MaxLengths + 32];
        lengths.Clear();
        for (int i = 0; i < given; i++)
        {
            lengths[LengthOrder[i]] = (byte)input.Take(3);
        }

        _distances.Set(lengths[..LengthOrder.Length]);
        lengths.Clear();
        int all = literals + distances;
        for (int at = 0; at < all;)
        {
            int symbol = _distances.Take(input);
            if (symbol < 16)
            {
                lengths[at++] = (byte)symbol;
                continue;
            }

            int count = symbol == 16 ? 3 + (int)input.Take(2) : symbol == 17 ? 3 + (int)input.Take(3) : 11 + (int)input.Take(7);
            if (at + count > all || (symbol == 16 && at == 0))
            {
                throw new InvalidDataException("lengths of the packed data that are none");
            }

            lengths.Slice(at, count).Fill(symbol == 16 ? lengths[at - 1] : (byte)0);
            at += count;
        }

        _literals.Set(lengths[..literals]);
        _distances.Set(lengths[literals..all]);
    }
}
