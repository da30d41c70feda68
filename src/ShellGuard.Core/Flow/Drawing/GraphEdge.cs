namespace ShellGuard.Core.Flow.Drawing;

/// <summary>An arrow between two boxes, by their place in the graph.</summary>
/// <param name="Both">Whether bytes go both ways.</param>
/// <param name="Label">Safe to print; empty for an edge.</param>
internal sealed record GraphEdge(int From, int To, bool Both, GraphEdgeKind Kind, string Label);
