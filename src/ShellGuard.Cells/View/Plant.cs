namespace ShellGuard.Cells.View;

/// <summary>Something the planner puts into a layer or a mask before the cell starts.</summary>
/// <param name="Root">The upper or mask directory.</param>
/// <param name="HostRoot">The host directory that it is laid over, whose attributes parent directories copy.</param>
/// <param name="Relative">The path below both, without a leading slash.</param>
/// <param name="Kind">What.</param>
/// <param name="Content">A file's content.</param>
public sealed record Plant(string Root, string HostRoot, string Relative, PlantKind Kind, string? Content = null);
