namespace ShellGuard.Audit.Import.Packing;

/// <summary>LZMA as a chunk of LZMA2 has it: a range coder whose bits are predicted by what came before. Decodes one chunk
/// at a time; what it learnt stays for the next one.</summary>
internal sealed class LzmaDecoder
{
    private const int States = 12;
    private const int PositionStates = 16;
    private const int FirstMatchState = 7;
    private const int EvenProbability = 1 << 10;
    private const int LengthStates = 4;
    private const int DistanceModels = 115;
    private const uint Top = 1 << 24;

    /// <summary>More bytes than one symbol can take.</summary>
    private const int Lookahead = 24;

    private readonly ushort[] _isMatch = new ushort[States * PositionStates];
    private readonly ushort[] _isRepeat = new ushort[States];
    private readonly ushort[] _isRepeat0 = new ushort[States];
    private readonly ushort[] _isRepeat1 = new ushort[States];
    private readonly ushort[] _isRepeat2 = new ushort[States];
    private readonly ushort[] _isRepeat0Long = new ushort[States * PositionStates];
    private readonly ushort[] _distanceSlots = new ushort[LengthStates * 64];
    private readonly ushort[] _distanceBits = new ushort[DistanceModels];
    private readonly ushort[] _distanceAlign = new ushort[16];
    private readonly ushort[] _literals = new ushort[16 * 0x300];
    private readonly LengthModels _matchLength = new();
    private readonly LengthModels _repeatLength = new();

    private int _literalContext;
    private uint _literalPositionMask;
    private uint _positionMask;
    private int _state;
    private uint _repeat0;
    private uint _repeat1;
    private uint _repeat2;
    private uint _repeat3;

    // The range coder over the chunk.
    private byte[] _input = [];
    private int _at;
    private int _end;
    private uint _range;
    private uint _code;

    /// <summary>Takes over the byte that says how bits are predicted, and forgets what was learnt.</summary>
    /// <exception cref="InvalidDataException">It says nothing that LZMA2 allows.</exception>
    public void Reset(byte properties)
    {
        int context = properties % 9, literalPosition = properties / 9 % 5, position = properties / 45;
        if (position > 4 || context + literalPosition > 4)
        {
            throw new InvalidDataException("LZMA properties out of range");
        }

        _literalContext = context;
        _literalPositionMask = (1u << literalPosition) - 1;
        _positionMask = (1u << position) - 1;
        Reset();
    }

    /// <summary>Forgets what was learnt.</summary>
    public void Reset()
    {
        foreach (ushort[] models in (ushort[][])[_isMatch, _isRepeat, _isRepeat0, _isRepeat1, _isRepeat2, _isRepeat0Long, _distanceSlots, _distanceBits, _distanceAlign, _literals])
        {
            Array.Fill(models, (ushort)EvenProbability);
        }

        _matchLength.Reset();
        _repeatLength.Reset();
        _state = 0;
        (_repeat0, _repeat1, _repeat2, _repeat3) = (0, 0, 0, 0);
    }

    /// <summary>Decodes a whole chunk.</summary>
    /// <param name="input">The chunk.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="isCut">Whether there should be more of them: then what they stand for is decoded.</param>
    /// <param name="window">Where it goes, behind what came before.</param>
    /// <param name="to">Where in the window it begins.</param>
    /// <param name="count">Bytes that it stands for.</param>
    /// <param name="history">Bytes before it that it may refer to.</param>
    /// <param name="dictionary">How far back it may refer.</param>
    /// <param name="position">Bytes since the dictionary was reset, for models that depend on the place.</param>
    /// <returns>Bytes decoded; fewer than <paramref name="count"/> only where the chunk is cut off.</returns>
    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public int Decode(byte[] input, int length, bool isCut, byte[] window, int to, int count, int history, int dictionary, long position)
    {
        (_input, _at, _end) = (input, 0, length);
        if (isCut && length < Lookahead)
        {
            return 0;
        }

        if (length < 5 || input[0] != 0)
        {
            throw Damaged();
        }

        _range = uint.MaxValue;
        _code = ((uint)input[1] << 24) | ((uint)input[2] << 16) | ((uint)input[3] << 8) | input[4];
        _at = 5;
        int end = to + count;
        int start = to - history;
        uint shift = (uint)(position - to);
        int first = to;
        while (to < end)
        {
            if (isCut && _end - _at < Lookahead)
            {
                return to - first;
            }

            int positionState = (int)((uint)to + shift & _positionMask);
            if (Bit(ref _isMatch[(_state * PositionStates) + positionState]) == 0)
            {
                byte before = to > start ? window[to - 1] : (byte)0;
                window[to] = Literal(window, to, start, before, (uint)to + shift);
                to++;
                continue;
            }

            int matched = Bit(ref _isRepeat[_state]) == 0 ? Match(positionState) : Repeat(positionState);
            long distance = (long)_repeat0 + 1;
            if (distance > to - start || distance > dictionary || matched > end - to)
            {
                throw Damaged();
            }

            int from = to - (int)distance;
            if (distance >= matched)
            {
                Buffer.BlockCopy(window, from, window, to, matched);
                to += matched;
            }
            else
            {
                // What is copied grows while it is copied.
                for (int i = 0; i < matched; i++)
                {
                    window[to++] = window[from++];
                }
            }
        }

        Normalize();
        return _code == 0 && _at == _end && !isCut ? count : throw Damaged();
    }

    private byte Literal(byte[] window, int to, int start, byte before, uint position)
    {
        int models = 0x300 * (int)(((position & _literalPositionMask) << _literalContext) + ((uint)before >> (8 - _literalContext)));
        int symbol = 1;
        if (_state >= FirstMatchState)
        {
            if (_repeat0 >= to - start)
            {
                throw Damaged();
            }

            int expected = window[to - 1 - (int)_repeat0];
            int offset = 0x100;
            while (symbol < 0x100)
            {
                expected <<= 1;
                int expectedBit = expected & offset;
                int bit = Bit(ref _literals[models + offset + expectedBit + symbol]);
                symbol = (symbol << 1) | bit;
                offset &= bit == 1 ? expectedBit : ~expectedBit;
            }
        }
        else
        {
            while (symbol < 0x100)
            {
                symbol = (symbol << 1) | Bit(ref _literals[models + symbol]);
            }
        }

        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
        return (byte)symbol;
    }

    private int Match(int positionState)
    {
        (_repeat3, _repeat2, _repeat1) = (_repeat2, _repeat1, _repeat0);
        int length = Length(_matchLength, positionState);
        _state = _state < FirstMatchState ? 7 : 10;
        int slot = Tree(_distanceSlots, Math.Min(length - 2, LengthStates - 1) * 64, 6);
        if (slot < 4)
        {
            _repeat0 = (uint)slot;
            return length;
        }

        int bits = (slot >> 1) - 1;
        uint distance = (2u | ((uint)slot & 1)) << bits;
        _repeat0 = slot < 14
            ? distance + Reverse(_distanceBits, (int)distance - slot, bits)
            : distance + (Direct(bits - 4) << 4) + Reverse(_distanceAlign, 0, 4);
        return length;
    }

    private int Repeat(int positionState)
    {
        if (Bit(ref _isRepeat0[_state]) == 0)
        {
            if (Bit(ref _isRepeat0Long[(_state * PositionStates) + positionState]) == 0)
            {
                _state = _state < FirstMatchState ? 9 : 11;
                return 1;
            }
        }
        else
        {
            uint distance;
            if (Bit(ref _isRepeat1[_state]) == 0)
            {
                distance = _repeat1;
            }
            else
            {
                if (Bit(ref _isRepeat2[_state]) == 0)
                {
                    distance = _repeat2;
                }
                else
                {
                    distance = _repeat3;
                    _repeat3 = _repeat2;
                }

                _repeat2 = _repeat1;
            }

            _repeat1 = _repeat0;
            _repeat0 = distance;
        }

        int length = Length(_repeatLength, positionState);
        _state = _state < FirstMatchState ? 8 : 11;
        return length;
    }

    private int Length(LengthModels models, int positionState) =>
        Bit(ref models.Choices[0]) == 0 ? 2 + Tree(models.Low, positionState * 8, 3)
        : Bit(ref models.Choices[1]) == 0 ? 10 + Tree(models.Middle, positionState * 8, 3)
        : 18 + Tree(models.High, 0, 8);

    private int Tree(ushort[] models, int first, int bits)
    {
        int symbol = 1;
        for (int i = 0; i < bits; i++)
        {
            symbol = (symbol << 1) | Bit(ref models[first + symbol]);
        }

        return symbol - (1 << bits);
    }

    /// <summary>A tree whose lowest bit comes first.</summary>
    private uint Reverse(ushort[] models, int first, int bits)
    {
        int symbol = 1;
        uint value = 0;
        for (int i = 0; i < bits; i++)
        {
            int bit = Bit(ref models[first + symbol]);
            symbol = (symbol << 1) | bit;
            value |= (uint)bit << i;
        }

        return value;
    }

    /// <summary>Bits that are not predicted.</summary>
    private uint Direct(int bits)
    {
        uint value = 0;
        for (int i = 0; i < bits; i++)
        {
            Normalize();
            _range >>= 1;
            uint isZero = (_code - _range) >> 31;
            _code -= _range & (isZero - 1);
            value = (value << 1) | (1 - isZero);
        }

        return value;
    }

    private int Bit(ref ushort probability)
    {
        if (_range < Top)
        {
            Normalize();
        }

        uint bound = (_range >> 11) * probability;
        if (_code < bound)
        {
            _range = bound;
            probability += (ushort)((2048 - probability) >> 5);
            return 0;
        }

        _range -= bound;
        _code -= bound;
        probability -= (ushort)(probability >> 5);
        return 1;
    }

    private void Normalize()
    {
        if (_range < Top)
        {
            if (_at == _end)
            {
                throw Damaged();
            }

            _range <<= 8;
            _code = (_code << 8) | _input[_at++];
        }
    }

    private static InvalidDataException Damaged() => new("the LZMA data is damaged");

    private sealed class LengthModels
    {
        public readonly ushort[] Choices = new ushort[2];
        public readonly ushort[] Low = new ushort[PositionStates * 8];
        public readonly ushort[] Middle = new ushort[PositionStates * 8];
        public readonly ushort[] High = new ushort[256];

        public void Reset()
        {
            foreach (ushort[] models in (ushort[][])[Choices, Low, Middle, High])
            {
                Array.Fill(models, (ushort)EvenProbability);
            }
        }
    }
}
