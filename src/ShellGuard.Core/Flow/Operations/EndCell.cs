namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell has ended. Never refused; the decision says what its parent may be told.</summary>
public sealed record EndCell(NodeId Cell) : FlowOperation;
