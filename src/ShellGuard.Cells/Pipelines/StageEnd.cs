using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Pipelines;

/// <summary>How one stage of a pipeline in a cell ended.</summary>
/// <param name="Exit">Its status.</param>
/// <param name="Usage">What it used.</param>
public sealed record StageEnd(ProcessExit Exit, ProcessUsage Usage);
