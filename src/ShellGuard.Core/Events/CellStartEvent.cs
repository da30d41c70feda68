namespace ShellGuard.Core.Events;

/// <summary>A cell is about to start.</summary>
/// <param name="Command">What its first process runs.</param>
/// <param name="WorkingDirectory">Where.</param>
/// <param name="PlanDigest">SHA-256 of the cell's plan in lower-case hex; empty where the caller has none.</param>
public sealed record CellStartEvent(ArgumentVector Command, HostileText WorkingDirectory, string PlanDigest)
    : JournalEvent(EventKind.CellStart);
