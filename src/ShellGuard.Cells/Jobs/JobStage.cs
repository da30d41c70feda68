using ShellGuard.Cells.Planning;

namespace ShellGuard.Cells.Jobs;

/// <summary>One program of a job.</summary>
/// <param name="Command">What runs.</param>
/// <param name="Files">Standard input, output and error.</param>
public sealed record JobStage(CellCommand Command, IReadOnlyList<JobFile> Files);
