namespace ShellGuard.Cells.Planning;

/// <summary>A part of the view while it is planned.</summary>
/// <param name="Path">Its top.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Plantable">Where white-outs for it can be planted, or null.</param>
/// <param name="HostPath">The host directory it shows.</param>
internal sealed record Area(string Path, AreaKind Kind, string? Plantable, string HostPath);
