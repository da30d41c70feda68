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
        else if (IsName(Encoding.Latin1.GetString(name)))
        {
            if (_counts.Count < MaxNames)
            {
                _counts.Add(name.ToArray(), new CallCount { Value = 1 });
            }
            else
            {
                Dropped++;
            }
        }
    }

    /// <summary>Calls whose names are not kept, because there were too many.</summary>
    public long Dropped { get; private set; }

    /// <summary>In the order of names.</summary>
    public IReadOnlyList<SeenCall> ToList()
    {
        List<SeenCall> all = new(_counts.Count);
        foreach (byte[] name in _counts.Keys)
        {
            all.Add(new SeenCall(Encoding.ASCII.GetString(name), _counts[name].Value));
        }

        all.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
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
