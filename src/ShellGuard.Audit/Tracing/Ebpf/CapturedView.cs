using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ShellGuard.Linux.Abi;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A call as the programs in the kernel copied it: the records of its beginning, of its end, and of the program
/// that it executed. What was read later counts more.</summary>
internal sealed class CapturedView : CallView
{
    /// <summary>Stands for the working directory.</summary>
    public const int AT_FDCWD = -100;

    private const int PIPEFS_MAGIC = 0x50495045, ANON_INODE_FS_MAGIC = 0x09041934, PIDFS_MAGIC = 0x50494446,
        TMPFS_MAGIC = 0x01021994;

    private const uint HUGETLBFS_MAGIC = 0x958458f6;

    /// <summary>Where the texts of an executed program's arguments are said to be: no program has memory there.</summary>
    private const ulong WordsAddress = 0xffff_0000_0000_0000;

    private readonly List<CapturedRecord> _records = [];
    private readonly List<(int Start, int Length)> _words = [];
    private byte[] _bytes = new byte[1024];
    private int _used;

    /// <summary>The thread is in a call whose beginning is here.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Number in the map of calls.</summary>
    public int Call => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(EventCall));

    /// <summary>When it began, in the kernel's nanoseconds.</summary>
    public long Time => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(EventTime));

    /// <summary>Bytes of a pointer of the program.</summary>
    public int PointerSize => Call >= NativeCalls ? sizeof(uint) : sizeof(ulong);

    /// <summary>One of the six arguments.</summary>
    public ulong Argument(int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(EventArguments + (index * sizeof(ulong))));

    /// <summary>Takes over the beginning of a call.</summary>
    public void Begin(ReadOnlySpan<byte> beginning)
    {
        _records.Clear();
        _words.Clear();
        _used = 0;
        Append(beginning);
        AddRecords(EventRecords);
        IsOpen = true;
    }

    /// <summary>Takes over what was read later.</summary>
    public void Add(ReadOnlySpan<byte> later)
    {
        int start = _used;
        Append(later[EventRecords..]);
        AddRecords(start);
    }

    /// <summary>The call is over.</summary>
    public void Close() => IsOpen = false;

    public override bool TryText(ulong address, out ReadOnlySpan<byte> text, out bool isCut)
    {
        text = default;
        isCut = false;
        if (address >= WordsAddress && address - WordsAddress < (ulong)_words.Count)
        {
            (int start, int length) = _words[(int)(address - WordsAddress)];
            text = _bytes.AsSpan(start, length);
            return true;
        }

        bool unread = false;
        for (int i = _records.Count - 1; i >= 0; i--)
        {
            CapturedRecord record = _records[i];
            if (record.Kind is Memory or Word && record.Length > 0 && (record.Address == address || (unread && record.Address == 0)))
            {
                // What the kernel copied last ends with a NUL, cut or not.
                text = _bytes.AsSpan(record.Start, record.Length - 1);
                isCut = record.Length == PathMax;
                return true;
            }

            unread |= record.Kind == (Memory | Unread) && record.Address == address;
        }

        // The path of an executed program, from the kernel's own copy, stands behind the record that has none.
        if (unread && _records.Find(record => record.Kind == Memory && record.Address == 0) is { Length: > 0 } path)
        {
            text = _bytes.AsSpan(path.Start, path.Length - 1);
            return true;
        }

        return false;
    }

    public override bool TryRead(ulong address, Span<byte> bytes)
    {
        if (TryWordOfList(address, bytes))
        {
            return true;
        }

        for (int i = _records.Count - 1; i >= 0; i--)
        {
            CapturedRecord record = _records[i];
            ulong offset = address - record.Address;
            if (record.Kind == Memory && address >= record.Address && offset + (ulong)bytes.Length <= (ulong)record.Length)
            {
                _bytes.AsSpan(record.Start + (int)offset, bytes.Length).CopyTo(bytes);
                return true;
            }
        }

        return false;
    }

    public override byte[]? Link(int descriptor)
    {
        if (Find(descriptor) is not { } record)
        {
            return null;
        }

        ReadOnlySpan<byte> data = _bytes.AsSpan(record.Start - RecordData);
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(data[FileFlags..]);
        ulong inode = BinaryPrimitives.ReadUInt64LittleEndian(data[FileInode..]);
        if ((flags & FileSocket) != 0)
        {
            return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"socket:[{inode}]"));
        }

        ReadOnlySpan<byte> names = data[FileRest..(RecordData + record.Length)];
        if ((flags & FileNameless) != 0)
        {
            return Nameless(BinaryPrimitives.ReadInt32LittleEndian(data[FileMagic..]), inode, names);
        }

        return PathOf(names, (flags & FileDeleted) != 0 && descriptor != AT_FDCWD);
    }

    public override string? Socket(int descriptor)
    {
        if (Find(descriptor) is not { } record)
        {
            return null;
        }

        ReadOnlySpan<byte> data = _bytes.AsSpan(record.Start - RecordData);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(data[FileFlags..]) & FileSocket) == 0)
        {
            return null;
        }

        AF domain = (AF)Number(data, SocketFamily);
        string? own = domain switch
        {
            AF.INET => SocketText.Endpoint(data[SocketBytes..(SocketBytes + 4)], Number(data, SocketPort)),
            AF.INET6 => SocketText.Endpoint(data[SocketBytes..SocketEnd], Number(data, SocketPort)),
            _ => null,
        };
        return SocketText.Of(
            domain, (SOCK)Number(data, SocketType), Number(data, SocketProtocol),
            own ?? BinaryPrimitives.ReadUInt64LittleEndian(data[FileInode..]).ToString(CultureInfo.InvariantCulture));
    }

    private static ushort Number(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadUInt16LittleEndian(data[at..]);

    /// <summary>Names from the last to the first, each with its NUL.</summary>
    private static byte[] PathOf(ReadOnlySpan<byte> names, bool deleted)
    {
        ReadOnlySpan<byte> mark = deleted ? " (deleted)"u8 : default;
        byte[] path = new byte[Math.Max(names.Length, 1) + mark.Length];
        path[0] = (byte)'/';
        int end = names.Length;
        while (!names.IsEmpty)
        {
            int length = names.IndexOf((byte)0);
            end -= length + 1;
            path[end] = (byte)'/';
            names[..length].CopyTo(path.AsSpan(end + 1));
            names = names[(length + 1)..];
        }

        mark.CopyTo(path.AsSpan(path.Length - mark.Length));
        return path;
    }

    /// <summary>As the file systems of such objects show them.</summary>
    private static byte[]? Nameless(int magic, ulong inode, ReadOnlySpan<byte> names)
    {
        int length = names.IndexOf((byte)0);
        ReadOnlySpan<byte> name = names[..Math.Max(length, 0)];
        if (length + 1 < names.Length)
        {
            // A directory that hangs in the air.
            return null;
        }

        string number = string.Create(CultureInfo.InvariantCulture, $":[{inode}]");
        return magic switch
        {
            PIPEFS_MAGIC => [.. "pipe"u8, .. Encoding.ASCII.GetBytes(number)],
            ANON_INODE_FS_MAGIC => [.. "anon_inode:"u8, .. name],
            PIDFS_MAGIC => "anon_inode:[pidfd]"u8.ToArray(),
            TMPFS_MAGIC or unchecked((int)HUGETLBFS_MAGIC) => [.. "/"u8, .. name, .. " (deleted)"u8],
            _ => [.. name, .. Encoding.ASCII.GetBytes(number)],
        };
    }

    /// <summary>A pointer of the list of arguments.</summary>
    private bool TryWordOfList(ulong address, Span<byte> bytes)
    {
        TracedCall? call = CallIndex.OfCaptured(Call);
        int list = call is null ? -1 : Array.IndexOf(call.Forms, ArgumentForm.Arguments);
        if (list < 0 || bytes.Length != PointerSize || address < Argument(list) || (address - Argument(list)) % (ulong)PointerSize != 0)
        {
            return false;
        }

        ulong index = (address - Argument(list)) / (ulong)PointerSize;
        ulong value;
        if (_words.Count > 0)
        {
            if (index > (ulong)_words.Count)
            {
                return false;
            }

            value = index == (ulong)_words.Count ? 0 : WordsAddress + index;
        }
        else
        {
            CapturedRecord found = _records.Find(record => (record.Kind & ~Unread) == Word && (ulong)record.Index == index);
            if (found.Kind == 0 || (found.Kind == (Word | Unread) && found.Address == 0))
            {
                return false;
            }

            value = found.Address;
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..bytes.Length].CopyTo(bytes);
        return true;
    }

    private CapturedRecord? Find(int descriptor)
    {
        for (int i = _records.Count - 1; i >= 0; i--)
        {
            CapturedRecord record = _records[i];
            if (record.Kind == Descriptor && (int)record.Address == descriptor)
            {
                ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(record.Start - RecordData + FileFlags));
                return (flags & (FileMissing | FileCut)) != 0 ? null : record;
            }
        }

        return null;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length < _used + bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + bytes.Length, _bytes.Length * 2));
        }

        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
    }

    private void AddRecords(int at)
    {
        while (at + RecordData <= _used)
        {
            ushort kind = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));
            ushort index = BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at + sizeof(ushort)));
            int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at + RecordLength));
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at + RecordAddress));
            if (length < 0 || length > _used - at - RecordData)
            {
                return;
            }

            CapturedRecord record = new(kind, index, address, at + RecordData, length);
            if (kind == Word && address == 0 && length > 0)
            {
                AddWords(record);
            }
            else
            {
                _records.Add(record);
            }

            at += (RecordData + length + 7) & ~7;
        }
    }

    /// <summary>An executed program's arguments, each with its NUL.</summary>
    private void AddWords(CapturedRecord record)
    {
        int at = record.Start;
        int end = record.Start + record.Length;
        while (at < end)
        {
            int length = _bytes.AsSpan(at, end - at).IndexOf((byte)0);
            if (length < 0)
            {
                return;
            }

            _words.Add((at, length));
            at += length + 1;
        }
    }
}
