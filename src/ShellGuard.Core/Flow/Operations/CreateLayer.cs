namespace ShellGuard.Core.Flow.Operations;

/// <summary>A layer is made. Its label is fixed.</summary>
public sealed record CreateLayer(NodeId Layer, string Name, TagSet Label) : FlowOperation;
