namespace ShellGuard.Core.Flow.Operations;

/// <summary>A stopped cell runs on.</summary>
public sealed record ThawCell(NodeId Cell) : FlowOperation;
