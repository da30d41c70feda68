namespace ShellGuard.Cells.Walls;

/// <summary>A path of the host that got data with a label from a commit.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Tags">The label, by its tags' names: numbers mean something under one policy only.</param>
/// <param name="Session">Which session's.</param>
public sealed record CommittedLabel(string Path, IReadOnlyList<string> Tags, string Session);
