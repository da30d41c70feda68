namespace ShellGuard.Cells.Layers;

/// <summary>The outcome of a commit.</summary>
/// <param name="Entries">In the order of the paths.</param>
/// <param name="Problem">Why the commit as a whole did not run or not to its end, or null.</param>
public sealed record CommitReport(IReadOnlyList<CommitEntry> Entries, string? Problem)
{
    /// <summary>Whether every selected change is on the host now.</summary>
    public bool IsComplete => Problem is null && Entries.All(entry => entry.Outcome == CommitOutcome.Committed);
}
