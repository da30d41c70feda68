using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ShellGuard.Audit.Import.Packing;

/// <summary>Unpacks xz (the .xz file format 1.2.1): streams one after the other, blocks of LZMA2, every check sum compared.
/// Other filters, and dictionaries over 64 MiB, are refused with the way on.</summary>
/// <param name="name">The input, for messages.</param>
/// <param name="packed">The packed bytes; closed with this stream.</param>
internal sealed class XzStream(string name, Stream packed) : Stream
{
    /// <summary>What <c>xz -9</c> uses.</summary>
    private const int MaxDictionary = 64 * 1024 * 1024;

    private const int Lzma2 = 0x21;

    private readonly XzInput _input = new(packed);
    private Lzma2Decoder? _decoder;
    private Crc32? _crc32;
    private Crc64? _crc64;
    private IncrementalHash? _sha256;
    private int _check;
    private bool _inStream;
    private bool _any;

    // Of the block: where its header and its data began, what its header says.
    private long _blockStart;
    private long _dataStart;
    private long _packedSize;
    private long _size;
    private long _read;

    // Of the stream, to be compared with its index.
    private long _blocks;
    private long _unpadded;
    private long _unpacked;

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
    /// <exception cref="ImportException">It is packed in a way that is not read here.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_decoder is null && !NextBlock())
            {
                return 0;
            }

            int read = _decoder!.Read(buffer);
            if (read > 0)
            {
                Sum(buffer[..read]);
                _read += read;
                return read;
            }

            EndBlock();
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
            _sha256?.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Sum(ReadOnlySpan<byte> bytes)
    {
        _crc32?.Add(bytes);
        _crc64?.Add(bytes);
        _sha256?.AppendData(bytes);
    }

    /// <returns>False at the end of all streams.</returns>
    private bool NextBlock()
    {
        while (true)
        {
            if (!_inStream && !NextStream())
            {
                return false;
            }

            _blockStart = _input.Count;
            _input.BeginSum();
            int size = _input.Byte();
            if (size != 0)
            {
                Header((size + 1) * 4);
                return true;
            }

            Index();
        }
    }

    private bool NextStream()
    {
        // Between streams there may be zeros, four at a time.
        int padding = 0;
        byte first;
        do
        {
            if (!_input.TryByte(out first))
            {
                return padding % 4 == 0 ? false : throw new InvalidDataException("padding of xz that is no multiple of four");
            }

            padding += first == 0 ? 1 : 0;
        }
        while (first == 0 && _any);

        Span<byte> rest = stackalloc byte[5];
        _input.Exactly(rest);
        if (first != 0xfd || !rest.SequenceEqual((ReadOnlySpan<byte>)[0x37, 0x7a, 0x58, 0x5a, 0x00]) || padding % 4 != 0)
        {
            throw new InvalidDataException("behind the packed data stands something else");
        }

        _input.BeginSum();
        if (_input.Byte() != 0)
        {
            throw Refused("with flags that are not known");
        }

        _check = _input.Byte();
        _input.CheckSum("the header");
        if (_check is not (0 or 1 or 4 or 10))
        {
            throw Refused("with a check that is not known");
        }

        (_inStream, _any) = (true, true);
        (_blocks, _unpadded, _unpacked) = (0, 0, 0);
        return true;
    }

    private void Header(int size)
    {
        int flags = _input.Byte();
        _packedSize = (flags & 0x40) != 0 ? _input.Number() : -1;
        _size = (flags & 0x80) != 0 ? _input.Number() : -1;
        if ((flags & 0x3f) != 0 || _input.Number() != Lzma2)
        {
            throw Refused("with other filters than LZMA2");
        }

        if (_input.Number() != 1)
        {
            throw new InvalidDataException("properties of LZMA2 that are none");
        }

        int bits = _input.Byte();
        long dictionary = bits > 40 ? throw new InvalidDataException("properties of LZMA2 that are none") : (2L | (uint)(bits & 1)) << ((bits / 2) + 11);
        while (_input.Count < _blockStart + size - sizeof(uint))
        {
            if (_input.Byte() != 0)
            {
                throw new InvalidDataException("a header of xz that is not understood");
            }
        }

        if (_input.Count > _blockStart + size - sizeof(uint))
        {
            throw new InvalidDataException("a header of xz that is too short");
        }

        _input.CheckSum("a block's header");
        if (dictionary > MaxDictionary)
        {
            throw Refused("with a dictionary over 64 MiB");
        }

        _decoder = new Lzma2Decoder(_input, (int)dictionary);
        _crc32 = _check == 1 ? new Crc32() : null;
        _crc64 = _check == 4 ? new Crc64() : null;
        _sha256 = _check == 10 ? _sha256 ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        (_dataStart, _read) = (_input.Count, 0);
    }

    private void EndBlock()
    {
        _decoder = null;
        long length = _input.Count - _dataStart;
        if ((_packedSize >= 0 && _packedSize != length) || (_size >= 0 && _size != _read))
        {
            throw new InvalidDataException("a block of xz of another size than its header says");
        }

        for (long used = length; used % 4 != 0; used++)
        {
            if (_input.Byte() != 0)
            {
                throw new InvalidDataException("padding of xz that is none");
            }
        }

        Span<byte> counted = stackalloc byte[32];
        int size = 0;
        if (_crc32 is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(counted, _crc32.Value);
            size = 4;
        }
        else if (_crc64 is not null)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(counted, _crc64.Value);
            size = 8;
        }
        else if (_sha256 is not null)
        {
            size = _sha256.GetHashAndReset(counted);
        }

        Span<byte> stored = stackalloc byte[32];
        _input.Exactly(stored[..size]);
        if (!stored[..size].SequenceEqual(counted[..size]))
        {
            throw new InvalidDataException("the check of the packed data is wrong");
        }

        _blocks++;
        _unpadded += _dataStart - _blockStart + length + size;
        _unpacked += _read;
    }

    /// <summary>What ends a stream: the sizes of its blocks, and where they are.</summary>
    private void Index()
    {
        long blocks = _input.Number(), unpadded = 0, unpacked = 0;
        if (blocks != _blocks)
        {
            throw new InvalidDataException("an index of xz with another number of blocks");
        }

        for (long i = 0; i < blocks; i++)
        {
            unpadded += _input.Number();
            unpacked += _input.Number();
        }

        while ((_input.Count - _blockStart) % 4 != 0)
        {
            if (_input.Byte() != 0)
            {
                throw new InvalidDataException("padding of xz that is none");
            }
        }

        _input.CheckSum("the index");
        long size = _input.Count - _blockStart;
        Span<byte> footer = stackalloc byte[12];
        _input.Exactly(footer);
        Crc32 sum = new();
        sum.Add(footer[4..10]);
        if (unpadded != _unpadded || unpacked != _unpacked || sum.Value != BinaryPrimitives.ReadUInt32LittleEndian(footer)
            || ((long)BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1) * 4 != size || footer[8] != 0 || footer[9] != _check
            || !footer[10..].SequenceEqual("YZ"u8))
        {
            throw new InvalidDataException("an end of xz that does not fit what stands before it");
        }

        _inStream = false;
    }

    private ImportException Refused(string how) => new(
        name == "-"
            ? $"standard input is packed by xz {how}, which is not read here: unpack it first, xz -dc FILE | shellguard import -"
            : $"{name} is packed by xz {how}, which is not read here: xz -dc {name} | shellguard import -");
}
