using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>How many lines there were of each kind, and which were not understood.</summary>
public sealed class LineCounts
{
    /// <summary>Lines listed; all are counted.</summary>
    public const int MaxListed = 50;

    /// <summary>Bytes kept of a listed line.</summary>
    public const int MaxText = 512;

    private readonly long[] _counts = new long[Enum.GetValues<LineKind>().Length];
    private readonly List<UnknownLine> _unknown = [];

    public long this[LineKind kind] => _counts[(int)kind];

    public long Total => _counts.Sum();

    /// <summary>Lines in which something happened.</summary>
    public long Events =>
        this[LineKind.Call] + this[LineKind.Unfinished] + this[LineKind.Signal] + this[LineKind.Exit]
        + this[LineKind.Event];

    /// <summary>The first lines that were not understood.</summary>
    public IReadOnlyList<UnknownLine> Unknown => _unknown;

    /// <summary>Puts together again what an audit file stored.</summary>
    internal static LineCounts Restore(long[] counts, IEnumerable<UnknownLine> unknown)
    {
        LineCounts restored = new();
        counts.CopyTo(restored._counts, 0);

        restored._unknown.AddRange(unknown);
        return restored;
    }

    /// <summary>A count for each kind, all 0.</summary>
    internal static long[] None() => new long[Enum.GetValues<LineKind>().Length];

    internal void Add(LineKind kind) => _counts[(int)kind]++;

    internal void AddUnknown(Origin origin, ReadOnlySpan<byte> line)
    {
        Add(LineKind.Unknown);
        if (_unknown.Count < MaxListed)
        {
            _unknown.Add(new UnknownLine(origin, line[..Math.Min(line.Length, MaxText)].ToArray(), line.Length));
        }
    }
}
