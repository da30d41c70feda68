namespace ShellGuard.Core.Flow;

/// <summary>Bytes can go from one node to another, and not back: a relay between cells, a direction of a socket or a
/// terminal, a layer mounted for reading or for writing.</summary>
/// <param name="Number">The edge's number in its session, never used again.</param>
public readonly record struct FlowEdge(int Number, NodeId From, NodeId To);
