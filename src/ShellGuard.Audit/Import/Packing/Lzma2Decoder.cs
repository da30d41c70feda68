namespace ShellGuard.Audit.Import.Packing;

/// <summary>LZMA2: chunks, packed or not, of at most 2 MiB, over one window. Memory is what the dictionary asks for and
/// that much again, at most 16 MiB more.</summary>
internal sealed class Lzma2Decoder
{
    private const int MaxChunk = 2 * 1024 * 1024;
    private const int MaxSlack = 16 * 1024 * 1024;

    private readonly XzInput _input;
    private readonly LzmaDecoder _lzma = new();
    private readonly byte[] _packed = new byte[64 * 1024];
    private readonly byte[] _window;
    private readonly int _dictionary;
    private int _read;
    private int _end;
    private long _position;
    private int _history;
    private bool _needsDictionary = true;
    private bool _needsProperties = true;
    private bool _needsState = true;
    private bool _isCut;

    /// <param name="dictionary">Bytes that the data may refer back.</param>
    public Lzma2Decoder(XzInput input, int dictionary)
    {
        (_input, _dictionary) = (input, dictionary);
        _window = new byte[dictionary + Math.Clamp(dictionary, MaxChunk, MaxSlack)];
    }

    /// <returns>0 at the end of the data.</returns>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public int Read(Span<byte> destination)
    {
        if (_read == _end)
        {
            // Of a chunk that is cut off everything was handed out that it stands for.
            bool isOver = !_isCut && !Chunk();
            if (_isCut && _read == _end)
            {
                throw new EndOfStreamException("the packed data is cut off");
            }

            if (isOver)
            {
                return 0;
            }
        }

        int length = Math.Min(destination.Length, _end - _read);
        _window.AsSpan(_read, length).CopyTo(destination);
        _read += length;
        return length;
    }

    private bool Chunk()
    {
        int control = _input.Byte();
        if (control == 0)
        {
            return false;
        }

        bool isPacked = control >= 0x80;
        if (!isPacked && control > 2)
        {
            throw new InvalidDataException("an LZMA2 chunk of no kind");
        }

        if (control is 1 or >= 0xe0)
        {
            (_needsDictionary, _history, _position) = (false, 0, 0);
        }

        int count = (isPacked ? (control & 0x1f) << 16 : 0) + (_input.Byte() << 8) + _input.Byte() + 1;
        int packed = isPacked ? (_input.Byte() << 8) + _input.Byte() + 1 : 0;
        if (isPacked)
        {
            Prepare(control);
        }
        else
        {
            // What follows packed must say anew from which state.
            _needsState = true;
        }

        if (_needsDictionary)
        {
            throw new InvalidDataException("an LZMA2 chunk before its dictionary");
        }

        MakeRoom(count);
        if (isPacked)
        {
            int length = _input.AtMost(_packed.AsSpan(0, packed));
            int decoded = _lzma.Decode(_packed, length, length < packed, _window, _end, count, _history, _dictionary, _position);
            (_isCut, count) = (length < packed, decoded);
        }
        else
        {
            int length = _input.AtMost(_window.AsSpan(_end, count));
            (_isCut, count) = (length < count, length);
        }

        _end += count;
        _position += count;
        _history = Math.Min(_history + count, _dictionary);
        return true;
    }

    /// <summary>Bits 5 and 6: nothing anew, the state, the properties too, the dictionary too.</summary>
    private void Prepare(int control)
    {
        int anew = (control >> 5) & 3;
        if (anew >= 2)
        {
            _lzma.Reset(_input.Byte());
            (_needsProperties, _needsState) = (false, false);
        }
        else if (_needsProperties)
        {
            throw new InvalidDataException("an LZMA2 chunk before its properties");
        }
        else if (anew == 1)
        {
            _lzma.Reset();
            _needsState = false;
        }
        else if (_needsState)
        {
            throw new InvalidDataException("an LZMA2 chunk before its state");
        }
    }

    /// <summary>Moves what may still be referred to to the beginning of the window.</summary>
    private void MakeRoom(int count)
    {
        if (_end + count > _window.Length)
        {
            _window.AsSpan(_end - _history, _history).CopyTo(_window);
            _end = _history;
        }

        _read = _end;
    }
}
