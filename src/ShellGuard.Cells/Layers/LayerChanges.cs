namespace ShellGuard.Cells.Layers;

/// <summary>What a layer changes.</summary>
/// <param name="Changes">By path; a directory before what is in it.</param>
/// <param name="Settled">Paths that the layer holds without a difference: directories on the way to a change, copies
/// with the host's content, deletions of what the host does not have either.</param>
public sealed record LayerChanges(IReadOnlyList<Change> Changes, IReadOnlyList<string> Settled);
