using System.Text;

namespace ShellGuard.Audit.Model;

/// <summary>How often each system call was seen, by its name. A hostile log has no end of names: few are kept.</summary>
internal sealed class CallCounts
{
    /// <summary>Names kept. Linux has fewer calls on all architectures together.</summary>
    public const int MaxNames = 1000;

    private const int LongestName = 40;

    private readonly Dictionary<byte[], CallCount> _counts = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], CallCount>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public CallCounts() => _lookup = _counts.GetAlternateLookup<ReadOnlySpan<byte>>();

    public void Add(ReadOnlySpan<byte> name)
    {
        if (_lookup.TryGetValue(name, out CallCount? count))
        {
            count.Value++;
        }
        else if (_counts.Count < MaxNames && IsName(Encoding.Latin1.GetString(name)))
        {
            _counts.Add(name.ToArray(), new CallCount { Value = 1 });
        }
    }

    /// <summary>In the order of names.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> ToList()
    {
        List<KeyValuePair<string, long>> all = new(_counts.Count);
        foreach (KeyValuePair<byte[], CallCount> count in _counts)
        {
            all.Add(KeyValuePair.Create(Encoding.ASCII.GetString(count.Key), count.Value.Value));
        }

        all.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
        return all;
    }

    /// <summary>Whether a text can be a system call's name.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && char.IsAsciiLetterLower(name[0])
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');

    private sealed class CallCount
    {
        public long Value { get; set; }
    }
}
