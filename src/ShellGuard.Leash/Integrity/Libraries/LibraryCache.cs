using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

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

    /// <summary>Of a host that has none.</summary>
    public static LibraryCache Empty { get; } = new();

    /// <summary>Reads the host's; an empty one where there is none, as the loader takes it.</summary>
    /// <param name="problem">Why it is not known where the loader looks.</param>
    public static bool TryRead(out LibraryCache cache, [NotNullWhen(false)] out string? problem)
    {
        cache = Empty;
        if (!SmallFile.TryRead(File, Largest, out byte[]? bytes, out problem))
        {
            return false;
        }

        if (bytes is not null)
        {
            problem = TryParse(bytes, out cache) ? null : $"{File} has a form that is not known";
        }

        return problem is null;
    }

    /// <summary>Reads its bytes.</summary>
    /// <returns>False where they are no such file, or only the beginning of one.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out LibraryCache cache)
    {
        cache = Empty;
        if (bytes.Length < HeaderBytes || !bytes.StartsWith("glibc-ld.so.cache1.1"u8))
        {
            return false;
        }

        long count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]);
        if (HeaderBytes + (count * EntryBytes) > bytes.Length)
        {
            return false;
        }

        LibraryCache read = new();
        for (long i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = bytes[(int)(HeaderBytes + (i * EntryBytes))..];
            if (TextAt(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..])) is not { } name
                || TextAt(bytes, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..])) is not { } path)
            {
                return false;
            }

            if (!read._paths.TryGetValue(name, out List<string>? paths))
            {
                read._paths.Add(name, paths = []);
            }

            paths.Add(path);
        }

        cache = read;
        return true;
    }

    /// <summary>All files of a name, for every kind of processor: which one is taken is the loader's to decide.</summary>
    public IReadOnlyList<string> Find(string name) => _paths.TryGetValue(name, out List<string>? paths) ? paths : [];

    private static string? TextAt(ReadOnlySpan<byte> bytes, uint at)
    {
        ReadOnlySpan<byte> rest = at < bytes.Length ? bytes[(int)at..] : default;
        int end = rest.IndexOf((byte)0);
        return end < 0 ? null : Encoding.UTF8.GetString(rest[..end]);
    }
}
