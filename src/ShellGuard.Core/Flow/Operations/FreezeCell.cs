namespace ShellGuard.Core.Flow.Operations;

/// <summary>A cell is stopped, for the sake of another.</summary>
public sealed record FreezeCell(NodeId Cell) : FlowOperation;
