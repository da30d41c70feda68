namespace ShellGuard.Core.Flow.Operations;

/// <summary>An edge is proven to be gone. What went over it stays known.</summary>
public sealed record Disconnect(FlowEdge Edge) : FlowOperation;
