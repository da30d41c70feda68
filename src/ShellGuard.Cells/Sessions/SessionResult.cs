using ShellGuard.Cells.Pipelines;

namespace ShellGuard.Cells.Sessions;

/// <summary>How a session ended.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Directory">Its storage.</param>
/// <param name="Status">For the caller: the command's own, or 125 when ShellGuard ended it.</param>
/// <param name="Problem">Why ShellGuard ended it, or null when the command ended by itself.</param>
public sealed record SessionResult(string Id, string Directory, int Status, string? Problem)
{
    /// <summary>How the stages of a pipeline ended; empty for a command.</summary>
    public IReadOnlyList<StageEnd> Stages { get; init; } = [];

    /// <summary>What there is to decide.</summary>
    public SessionSummary Summary { get; init; } = new(0, [], [], []);
}
