using System.Buffers.Binary;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity.Libraries;

/// <summary>What an ELF file says to its loader, elf(5): 64-bit, little-endian.</summary>
/// <param name="Machine">Its processor, <c>e_machine</c>; 0 for a 32-bit file, of which nothing else is read.</param>
/// <param name="Interpreter">The loader; null for a static program and for a library.</param>
/// <param name="Needed">Names of the libraries that it needs; those that audit or filter it are loaded too, ld.so(8).</param>
/// <param name="SearchPath">Directories of DT_RPATH and DT_RUNPATH, as they were written.</param>
public sealed record ElfImage(
    ushort Machine, string? Interpreter, IReadOnlyList<string> Needed, IReadOnlyList<string> SearchPath)
{
    private const int HeaderBytes = 64;
    private const byte Narrow = 1;
    private const byte Wide = 2;
    private const int SegmentBytes = 56;
    private const int MostSegments = 128;
    private const int MostDynamic = 64 * 1024;
    private const int MostText = 16 * 1024 * 1024;
    private const int PathMax = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="image">Null where it is no such file.</param>
    public static LinuxResult Read(Descriptor file, out ElfImage? image)
    {
        image = null;
        byte[] header = new byte[HeaderBytes];
        LinuxResult read = FileContent.ReadFully(file, header, 0);
        if (read.Failed || read.Value < HeaderBytes || !header.AsSpan().StartsWith("\u007fELF"u8)
            || header[4] is not (Narrow or Wide) || header[5] != 1)
        {
            return read;
        }

        if (header[4] == Narrow)
        {
            image = new ElfImage(0, null, [], []);
            return read;
        }

        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(56));
        if (count > MostSegments || BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(54)) != SegmentBytes)
        {
            return read;
        }

        byte[] segments = new byte[SegmentBytes * count];
        read = FileContent.ReadFully(file, segments, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(32)));
        if (read.Failed || read.Value < segments.Length)
        {
            return read;
        }

        image = ReadSegments(file, BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)), segments);
        return read;
    }

    private static ElfImage? ReadSegments(Descriptor file, ushort machine, byte[] segments)
    {
        const int interpreterSegment = 3;
        const int dynamicSegment = 2;
        string? interpreter = null;
        byte[]? dynamic = null;
        for (int at = 0; at < segments.Length; at += SegmentBytes)
        {
            int type = BinaryPrimitives.ReadInt32LittleEndian(segments.AsSpan(at));
            if (type == interpreterSegment)
            {
                if (Part(file, segments.AsSpan(at), PathMax) is not { } text)
                {
                    return null;
                }

                interpreter = Encoding.UTF8.GetString(text).TrimEnd('\0');
            }
            else if (type == dynamicSegment)
            {
                dynamic = Part(file, segments.AsSpan(at), MostDynamic);
                if (dynamic is null)
                {
                    return null;
                }
            }
        }

        return dynamic is null
            ? new ElfImage(machine, interpreter, [], [])
            : ReadDynamic(file, machine, interpreter, segments, dynamic);
    }

    private static ElfImage? ReadDynamic(
        Descriptor file, ushort machine, string? interpreter, byte[] segments, byte[] dynamic)
    {
        const long needed = 1, text = 5, textSize = 10, runPath = 29, oldRunPath = 15;
        const long auxiliary = 0x7ffffffd, filter = 0x7fffffff, audit = 0x6ffffefc, auditOfNeeded = 0x6ffffefb;
        List<long> names = [];
        List<long> lists = [];
        List<long> paths = [];
        long address = -1;
        long size = 0;
        for (int at = 0; at + 16 <= dynamic.Length; at += 16)
        {
            long value = BinaryPrimitives.ReadInt64LittleEndian(dynamic.AsSpan(at + 8));
            switch (BinaryPrimitives.ReadInt64LittleEndian(dynamic.AsSpan(at)))
            {
                case needed or auxiliary or filter:
                    names.Add(value);
                    break;
                case audit or auditOfNeeded:
                    lists.Add(value);
                    break;
                case text:
                    address = value;
                    break;
                case textSize:
                    size = value;
                    break;
                case runPath or oldRunPath:
                    paths.Add(value);
                    break;
                default:
                    break;
            }
        }

        if (names.Count + lists.Count + paths.Count == 0)
        {
            return new ElfImage(machine, interpreter, [], []);
        }

        byte[]? texts = OffsetOf(address, segments) is { } offset && size is > 0 and <= MostText ? new byte[size] : null;
        if (texts is null || FileContent.ReadFully(file, texts, OffsetOf(address, segments)!.Value) is not { Succeeded: true } read
            || read.Value < size)
        {
            return null;
        }

        List<string> libraries = [];
        List<string> directories = [];
        foreach (long at in names)
        {
            libraries.Add(TextAt(texts, at));
        }

        foreach (long at in lists)
        {
            libraries.AddRange(TextAt(texts, at).Split(':', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (long at in paths)
        {
            directories.AddRange(TextAt(texts, at).Split(':', StringSplitOptions.RemoveEmptyEntries));
        }

        return new ElfImage(machine, interpreter, libraries, directories);
    }

    private static string TextAt(byte[] texts, long at)
    {
        ReadOnlySpan<byte> rest = at >= 0 && at < texts.Length ? texts.AsSpan((int)at) : default;
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    /// <summary>Where the file has what lies at an address when it is loaded.</summary>
    private static long? OffsetOf(long address, byte[] segments)
    {
        for (int at = 0; at < segments.Length; at += SegmentBytes)
        {
            ReadOnlySpan<byte> segment = segments.AsSpan(at);
            long start = BinaryPrimitives.ReadInt64LittleEndian(segment[16..]);
            long length = BinaryPrimitives.ReadInt64LittleEndian(segment[32..]);
            if (BinaryPrimitives.ReadInt32LittleEndian(segment) == 1 && address >= start && address - start < length)
            {
                return address - start + BinaryPrimitives.ReadInt64LittleEndian(segment[8..]);
            }
        }

        return null;
    }

    private static byte[]? Part(Descriptor file, ReadOnlySpan<byte> segment, int most)
    {
        long offset = BinaryPrimitives.ReadInt64LittleEndian(segment[8..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(segment[32..]);
        if (offset < 0 || length < 0 || length > most)
        {
            return null;
        }

        byte[] part = new byte[length];
        LinuxResult read = FileContent.ReadFully(file, part, offset);
        return read.Succeeded && read.Value == length ? part : null;
    }
}
