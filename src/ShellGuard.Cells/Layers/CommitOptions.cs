namespace ShellGuard.Cells.Layers;

/// <summary>How to commit.</summary>
public sealed record CommitOptions
{
    /// <summary>Which paths, each with everything beneath; null for all. New directories on the way are made as well.
    /// </summary>
    public IReadOnlyList<string>? Paths { get; init; }

    /// <summary>Asked for each path that the host changed too. Without it such paths are refused.</summary>
    public Func<Change, ConflictAnswer>? Resolve { get; init; }

    /// <summary>Why a change may not come to the host, or null; asked for each.</summary>
    public Func<Change, string?>? Refuse { get; init; }

    /// <summary>Called before each effect on the host; false stops the commit: no event, no action.</summary>
    public required Func<Change, bool> Record { get; init; }

    /// <summary>Called before each single step, so that tests can die between any two.</summary>
    internal Action<string>? Step { get; init; }
}
