using ShellGuard.Linux.Abi;

namespace ShellGuard.Cells.Layers;

/// <summary>What the planner put into a layer before the session: a whiteout over a hidden path, a mount point, a
/// directory on the way to one. As long as it is as recorded, it is no change of the session's.</summary>
public sealed record PlantedEntry(string Path, FileType Type, uint Mode, uint Owner, uint Group);
