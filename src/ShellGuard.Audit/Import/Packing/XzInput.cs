using System.Buffers.Binary;

namespace ShellGuard.Audit.Import.Packing;

/// <summary>Packed bytes, with a count of them and a CRC32 where a header wants one.</summary>
internal sealed class XzInput(Stream stream)
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private int _at;
    private int _length;
    private Crc32? _sum;

    /// <summary>Bytes taken so far.</summary>
    public long Count { get; private set; }

    public byte Byte()
    {
        if (!TryByte(out byte value))
        {
            throw new EndOfStreamException("the packed data is cut off");
        }

        return value;
    }

    /// <returns>False at the end.</returns>
    public bool TryByte(out byte value)
    {
        if (_at == _length)
        {
            (_at, _length) = (0, stream.Read(_buffer, 0, _buffer.Length));
        }

        if (_length == 0)
        {
            value = 0;
            return false;
        }

        value = _buffer[_at++];
        _sum?.Add([value]);
        Count++;
        return true;
    }

    public void Exactly(Span<byte> destination)
    {
        if (AtMost(destination) < destination.Length)
        {
            throw new EndOfStreamException("the packed data is cut off");
        }
    }

    /// <returns>Fewer bytes than there is room for only at the end.</returns>
    public int AtMost(Span<byte> destination)
    {
        int filled = 0;
        while (filled < destination.Length)
        {
            if (_at == _length)
            {
                (_at, _length) = (0, stream.Read(_buffer, 0, _buffer.Length));
                if (_length == 0)
                {
                    break;
                }
            }

            int length = Math.Min(destination.Length - filled, _length - _at);
            _buffer.AsSpan(_at, length).CopyTo(destination[filled..]);
            _at += length;
            filled += length;
        }

        _sum?.Add(destination[..filled]);
        Count += filled;
        return filled;
    }

    /// <summary>A number of 7 bits a byte, the lowest first, at most nine bytes.</summary>
    public long Number()
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte part = Byte();
            value |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return part == 0 && shift > 0 ? throw new InvalidDataException("a number of xz that is longer than it must be") : value;
            }
        }

        throw new InvalidDataException("a number of xz without an end");
    }

    /// <summary>From here on a CRC32 is counted.</summary>
    public void BeginSum() => _sum = new Crc32();

    /// <summary>The sum so far must stand here.</summary>
    public void CheckSum(string of)
    {
        uint counted = _sum!.Value;
        _sum = null;
        Span<byte> stored = stackalloc byte[sizeof(uint)];
        Exactly(stored);
        if (BinaryPrimitives.ReadUInt32LittleEndian(stored) != counted)
        {
            throw new InvalidDataException($"the checksum of {of} is wrong");
        }
    }
}
