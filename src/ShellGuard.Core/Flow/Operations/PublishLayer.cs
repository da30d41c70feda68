namespace ShellGuard.Core.Flow.Operations;

/// <summary>The private files of a cell, running or ended, join a layer.</summary>
public sealed record PublishLayer(NodeId Cell, NodeId Layer) : FlowOperation;
