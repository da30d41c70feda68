using ShellGuard.Cells.Layers;

namespace ShellGuard.Cells.Sessions;

/// <summary>The outcome of a session's commit.</summary>
/// <param name="Reports">For each layer that was committed.</param>
/// <param name="Problems">What kept the commit as a whole from its end, one line each.</param>
public sealed record SessionCommitReport(
    IReadOnlyList<(SessionLayer Layer, CommitReport Report)> Reports, IReadOnlyList<string> Problems)
{
    /// <summary>Whether every selected change is on the host now.</summary>
    public bool IsComplete => Problems.Count == 0 && Reports.All(report => report.Report.IsComplete);
}
