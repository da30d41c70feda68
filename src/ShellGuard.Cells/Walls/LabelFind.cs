using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Walls;

/// <summary>A name of a file that was looked for.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="File">Which file.</param>
/// <param name="Status">What it is.</param>
internal sealed record LabelFind(string Path, FileIdentity File, FileStatus Status);
