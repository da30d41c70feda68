namespace ShellGuard.Core.Events;

/// <summary>The pipeline of a line has ended.</summary>
/// <param name="Line">The number of the line's record.</param>
/// <param name="Status">The pipeline's status.</param>
/// <param name="Nanoseconds">How long it ran.</param>
/// <param name="Stages">In their order; fewer than configured where the launch failed.</param>
public sealed record LineEndEvent(long Line, int Status, long Nanoseconds, IReadOnlyList<LineStage> Stages)
    : JournalEvent(EventKind.LineEnd)
{
    /// <summary>What ended it where it did not end by itself, or kept it from starting; null for nothing.</summary>
    public string? Problem { get; init; }
}
