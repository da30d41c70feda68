using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Model;

/// <summary>Names of variables that were handed to programs. Values are dropped where they are read.</summary>
internal sealed class EnvironmentNames
{
    /// <summary>Names kept. A hostile log has no end of them.</summary>
    public const int MaxNames = 1000;

    /// <summary>Bytes of a name. Longer ones are no names.</summary>
    public const int LongestName = 256;

    private readonly Dictionary<byte[], Variable> _names = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], Variable>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    public EnvironmentNames() => _lookup = _names.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <param name="variable"><c>NAME=VALUE</c>, or the name alone.</param>
    /// <param name="isGiven">Whether the command was started with it.</param>
    public void Add(ReadOnlySpan<byte> variable, bool isGiven, Origin origin)
    {
        int end = variable.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = end < 0 ? variable : variable[..end];
        if (name.IsEmpty || name.Length > LongestName)
        {
            return;
        }

        if (!_lookup.TryGetValue(name, out Variable? known))
        {
            if (_names.Count >= MaxNames)
            {
                return;
            }

            _names.Add(name.ToArray(), known = new Variable(origin));
        }

        known.Count++;
        known.IsGiven |= isGiven;
    }

    /// <summary>In the order of names.</summary>
    public IReadOnlyList<SeenVariable> ToList()
    {
        List<SeenVariable> all = new(_names.Count);
        foreach (byte[] name in _names.Keys)
        {
            Variable variable = _names[name];
            all.Add(new SeenVariable(KernelText.Decode(name), variable.IsGiven, variable.Count, variable.Origin));
        }

        all.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        return all;
    }

    private sealed class Variable(Origin origin)
    {
        public Origin Origin { get; } = origin;

        public long Count { get; set; }

        public bool IsGiven { get; set; }
    }
}
