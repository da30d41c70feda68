namespace ShellGuard.Audit.Import.Packing;

/// <summary>Unpacks gzip (RFC 1952): members one after the other, of each the check sum and the length compared. Behind the last
/// one zeros may stand, as gzip(1) has it, and nothing else.</summary>
internal sealed class GunzipStream : Stream
{
    private const int Deflate = 8, HasHeaderSum = 2, HasExtra = 4, HasName = 8, HasComment = 16, Reserved = 0xe0;

    private readonly Stream _packed;
    private readonly BitInput _input;
    private readonly InflateDecoder _decoder;
    private Crc32 _sum = new();
    private uint _size;
    private bool _inMember;
    private bool _any;

    /// <param name="packed">The packed bytes; closed with this stream.</param>
    public GunzipStream(Stream packed)
    {
        (_packed, _input) = (packed, new BitInput(packed));
        _decoder = new InflateDecoder(_input);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && (_inMember || NextMember()))
        {
            int read = _decoder.Read(buffer);
            if (read > 0)
            {
                _sum.Add(buffer[..read]);
                _size += (uint)read;
                return read;
            }

            EndMember();
        }

        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _packed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <returns>False at the end of all members.</returns>
    private bool NextMember()
    {
        byte first;
        do
        {
            if (!_input.TryByte(out first))
            {
                return _any ? false : throw new EndOfStreamException("the packed data is cut off");
            }
        }
        while (first == 0 && _any);

        _sum = new Crc32();
        _sum.Add([first]);
        if (first != 0x1f || Header() != 0x8b)
        {
            throw new InvalidDataException("behind the packed data stands something else");
        }

        int method = Header(), flags = Header();
        if (method != Deflate || (flags & Reserved) != 0)
        {
            throw new InvalidDataException("a header of gzip that is not understood");
        }

        // When, how and where it was packed.
        Skip(6);
        if ((flags & HasExtra) != 0)
        {
            int low = Header();
            Skip(low | (Header() << 8));
        }

        SkipText((flags & HasName) != 0);
        SkipText((flags & HasComment) != 0);
        uint sum = _sum.Value & 0xffff;
        if ((flags & HasHeaderSum) != 0 && _input.Take(16) != sum)
        {
            throw new InvalidDataException("the checksum of the header is wrong");
        }

        _decoder.Reset();
        (_sum, _size, _inMember, _any) = (new Crc32(), 0, true, true);
        return true;
    }

    private void EndMember()
    {
        _input.Align();
        if (_input.Take(32) != _sum.Value || _input.Take(32) != _size)
        {
            throw new InvalidDataException("the check of the packed data is wrong");
        }

        _inMember = false;
    }

    private byte Header()
    {
        byte value = (byte)_input.Take(8);
        _sum.Add([value]);
        return value;
    }

    private void Skip(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Header();
        }
    }

    private void SkipText(bool isThere)
    {
        while (isThere && Header() != 0)
        {
        }
    }
}
