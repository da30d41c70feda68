using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Jobs;

/// <summary>One program of a job.</summary>
/// <param name="Command">What runs.</param>
/// <param name="Files">Standard input, output and error.</param>
public sealed record JobStage(CellCommand Command, IReadOnlyList<JobFile> Files)
{
    /// <summary>What is executed instead of the command's path: a file that the supervisor opened and checked. Null where
    /// the path is looked up in the cell.</summary>
    public Descriptor? Executable { get; init; }

    /// <summary>A script that the executable, its interpreter, finds open as descriptor 3; null for none.</summary>
    public Descriptor? Script { get; init; }
}
