namespace ShellGuard.Audit.Import.Packing;

/// <summary>Packed bytes, of which bits are taken from the lowest up (RFC 1951, 3.1.1). What is not taken stays.</summary>
internal sealed class BitInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _at;
    private int _length;
    private ulong _bits;
    private int _held;

    /// <summary>The next bits without taking them; zeros stand for those behind the end.</summary>
    /// <param name="count">32 at most.</param>
    public uint Peek(int count)
    {
        while (_held < count && TryHold())
        {
        }

        return (uint)(_bits & ((1UL << count) - 1));
    }

    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public void Skip(int count)
    {
        if (count > _held)
        {
            throw new EndOfStreamException("the packed data is cut off");
        }

        _bits >>= count;
        _held -= count;
    }

    /// <param name="count">32 at most.</param>
    /// <exception cref="EndOfStreamException">There are not as many.</exception>
    public uint Take(int count)
    {
        uint bits = Peek(count);
        Skip(count);
        return bits;
    }

    /// <summary>Leaves the bits that are left of a byte.</summary>
    public void Align() => Skip(_held & 7);

    /// <summary>At a byte's beginning only.</summary>
    /// <returns>False at the end.</returns>
    public bool TryByte(out byte value)
    {
        bool any = _held > 0 || TryHold();
        value = any ? (byte)Take(8) : (byte)0;
        return any;
    }

    private bool TryHold()
    {
        if (_at == _length)
        {
            (_at, _length) = (0, stream.Read(_buffer, 0, _buffer.Length));
        }

        if (_length == 0)
        {
            return false;
        }

        _bits |= (ulong)_buffer[_at++] << _held;
        _held += 8;
        return true;
    }
}
