using System.Text;

namespace ShellGuard.Leash.Tests.Fuzzing;

/// <summary>Stored inputs and changes of them. The seed is fixed: a failure can be run again.</summary>
internal sealed class Mutations(string folder, int seed)
{
    private static readonly byte[][] Pieces =
    [
        .. ((string[])
        [
            "\"\"\"", "'''", "[[whitelist]]\n", "[leash]\n", "[", "]", "{", "}", "=", ",", "\n", "\r\n", "\\u0000", "\\u", "#", " ",
            "\t", "|", " | ", "ls1", "name = ", "command_line = ", "integrity = [", "\0", "\x7f", "\u001b[", "\u00a0", "{x:int 1..3}",
            "true", "-1", "99999999999999999999", "1e9", ";", "&&", "$(", "`", "'", "\"", "é",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xff], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0xc2, 0x85], [0xc0, 0xaf],
    ];

    private readonly Random _random = new(seed);

    /// <summary>The stored inputs, by their names.</summary>
    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fuzzing", "Corpus", folder)).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    /// <summary>One of them, changed in a few places.</summary>
    public byte[] Next()
    {
        List<byte> bytes = [.. Seeds[_random.Next(Seeds.Count)]];
        for (int changes = _random.Next(1, 6); changes > 0; changes--)
        {
            int at = _random.Next(bytes.Count + 1);
            switch (_random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, _random.Next(1, 20)));
                    break;
                case 2:
                    byte[] other = Seeds[_random.Next(Seeds.Count)];
                    int start = _random.Next(other.Length + 1);
                    bytes.InsertRange(at, other[start..Math.Min(other.Length, start + _random.Next(1, 60))]);
                    break;
                case 3 when _random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                    break;
            }
        }

        return [.. bytes];
    }
}
