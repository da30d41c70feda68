namespace ShellGuard.Cells.Terminals;

/// <summary>Remembers what the program wrote on the current line, so that a notice can be shown above it and the line
/// (a prompt with what is typed, a progress bar) be drawn again below. Also knows the colours that are on.</summary>
internal sealed class LineMemory
{
    private const int Capacity = 4096;
    private const int ColourCapacity = 256;
    private readonly byte[] _line = new byte[Capacity];
    private readonly byte[] _colours = new byte[ColourCapacity];
    private readonly byte[] _coloursAtStart = new byte[ColourCapacity];
    private int _length;
    private int _colourLength;
    private int _colourLengthAtStart;
    private int _width;
    private int _widest;

    /// <summary>Whether nothing was written since the line began.</summary>
    internal bool IsEmpty => _length == 0 && !IsSpoiled;

    /// <summary>Whether the line cannot be drawn again: the cursor moved to other rows, or it is too long.</summary>
    internal bool IsSpoiled { get; private set; }

    /// <summary>Columns that the line took at most; an upper bound.</summary>
    internal int Width => Math.Max(_width, _widest);

    internal ReadOnlySpan<byte> Line => _line.AsSpan(0, _length);

    /// <summary>The colour sequences in force now.</summary>
    internal ReadOnlySpan<byte> Colours => _colours.AsSpan(0, _colourLength);

    /// <summary>The colour sequences that were in force where the line began.</summary>
    internal ReadOnlySpan<byte> ColoursAtStart => _coloursAtStart.AsSpan(0, _colourLengthAtStart);

    internal void Text(ReadOnlySpan<byte> text, int width)
    {
        _width += width;
        Append(text);
    }

    internal void CarriageReturn()
    {
        _widest = Width;
        _width = 0;
        Append("\r"u8);
    }

    /// <summary>A sequence or control that stays on its row.</summary>
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (IsSpoiled)
        {
            return;
        }

        if (_length + bytes.Length > Capacity && !DropOverwritten(bytes.Length))
        {
            Spoil();
            return;
        }

        bytes.CopyTo(_line.AsSpan(_length));
        _length += bytes.Length;
    }

    internal void Colour(ReadOnlySpan<byte> sequence, bool resets)
    {
        if (resets || _colourLength + sequence.Length > ColourCapacity)
        {
            _colourLength = 0;
        }

        if (sequence.Length <= ColourCapacity)
        {
            sequence.CopyTo(_colours.AsSpan(_colourLength));
            _colourLength += sequence.Length;
        }

        Append(sequence);
    }

    internal void Spoil()
    {
        IsSpoiled = true;
        _length = 0;
    }

    /// <summary>The cursor is in the first column of a fresh line.</summary>
    internal void Begin()
    {
        IsSpoiled = false;
        _length = 0;
        _width = 0;
        _widest = 0;
        Colours.CopyTo(_coloursAtStart);
        _colourLengthAtStart = _colourLength;
    }

    internal void Reset()
    {
        _colourLength = 0;
        Begin();
    }

    // A progress bar writes the same line again and again; what is before the last carriage return is overwritten.
    private bool DropOverwritten(int needed)
    {
        int keep = Line.LastIndexOf((byte)'\r');
        if (keep <= 0 || _length - keep + needed > Capacity)
        {
            return false;
        }

        _line.AsSpan(keep, _length - keep).CopyTo(_line);
        _length -= keep;
        return true;
    }
}
