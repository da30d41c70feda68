using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Pipelines;

/// <summary>One program of a pipeline that runs in one cell.</summary>
/// <param name="Arguments">The whole argument vector, the program's name first.</param>
/// <param name="Executable">The file that is executed, opened and checked by the caller, who keeps it.</param>
/// <param name="Script">What the executable, an interpreter, finds open as descriptor 3; null for none.</param>
public sealed record PipelineStage(IReadOnlyList<string> Arguments, Descriptor Executable, Descriptor? Script);
