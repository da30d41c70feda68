namespace ShellGuard.Core.Flow.Operations;

/// <summary>An edge between a cell and any other node: relay, socket, terminal, or a layer that is mounted. Mounting for
/// reading is an edge from the layer, writing into a shared mount is one to it; a private upper directory is part of
/// its cell and needs none.</summary>
public sealed record Connect(FlowEdge Edge) : FlowOperation;
