namespace ShellGuard.Cells.View;

/// <summary>Where a cell may write.</summary>
/// <param name="Path">The path as the cell sees it.</param>
/// <param name="IsDirectory">Whether everything beneath it is meant; a single file otherwise.</param>
public sealed record WritablePath(string Path, bool IsDirectory);
