using ShellGuard.Core.Flow;

namespace ShellGuard.Cells.Walls;

/// <summary>Why a pipeline runs nowhere.</summary>
/// <param name="Problem">With the way on, in one line.</param>
internal sealed record Unplaced(string Problem)
{
    /// <summary>Where a command needs what no cell may have: what there is of it, by the names of files and of commands that
    /// write to it; empty for every other reason.</summary>
    public IReadOnlyList<(string Name, bool IsFile, TagSet Label)> Needs { get; init; } = [];

    /// <summary>That command, with its number, as refusals call it.</summary>
    public string Command { get; init; } = "";
}
