using System.Buffers.Binary;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity.Libraries;

/// <summary>Where the loader finds libraries by name: /etc/ld.so.cache as ldconfig(8) writes it.</summary>
public sealed class LibraryCache
{
    private const string File = "/etc/ld.so.cache";
    private const int Largest = 16 * 1024 * 1024;
    private const int HeaderBytes = 48;
    private const int EntryBytes = 24;

    private readonly Dictionary<string, List<string>> _paths = new(StringComparer.Ordinal);

    private LibraryCache()
    {
    }

    /// <summary>Reads the host's; an empty one where there is none, or one of another form.</summary>
    public static LibraryCache Read()
    {
        LinuxResult opened = Files.Open(File, OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            if (opened.Failed || Files.Status(file, out FileStatus status).Failed || status.Size > Largest)
            {
                return new LibraryCache();
            }

            byte[] bytes = new byte[status.Size];
            LinuxResult read = FileContent.ReadFully(file, bytes, 0);
            return Parse(read.Succeeded ? bytes.AsSpan(0, (int)read.Value) : default);
        }
    }

    /// <summary>Reads its bytes.</summary>
    public static LibraryCache Parse(ReadOnlySpan<byte> bytes)
    {
        LibraryCache cache = new();
        if (bytes.Length < HeaderBytes || !bytes.StartsWith("glibc-ld.so.cache1.1"u8))
        {
            return cache;
        }

        long count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        for (long i = 0; i < count && HeaderBytes + ((i + 1) * EntryBytes) <= bytes.Length; i++)
        {
            ReadOnlySpan<byte> entry = bytes[(int)(HeaderBytes + (i * EntryBytes))..];
            string name = TextAt(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            string path = TextAt(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
            if (!cache._paths.TryGetValue(name, out List<string>? paths))
            {
                cache._paths.Add(name, paths = []);
            }

            paths.Add(path);
        }

        return cache;
    }

    /// <summary>All files of a name, for every kind of processor: which one is taken is the loader's to decide.</summary>
    public IReadOnlyList<string> Find(string name) => _paths.TryGetValue(name, out List<string>? paths) ? paths : [];

    private static string TextAt(ReadOnlySpan<byte> bytes, uint at)
    {
        ReadOnlySpan<byte> rest = at < bytes.Length ? bytes[(int)at..] : default;
        int end = rest.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }
}
