namespace ShellGuard.Cells.Layers;

/// <summary>The outcome for one path.</summary>
/// <param name="Change">The change, or null where a path was asked for that has none.</param>
/// <param name="Reason">Why it was not committed, or what a commit left out; else null.</param>
public sealed record CommitEntry(string Path, Change? Change, CommitOutcome Outcome, string? Reason);
