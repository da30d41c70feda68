namespace ShellGuard.Core.Flow;

/// <summary>A node's number in its session, counted from 0 in the order of creation and never used again.</summary>
public readonly record struct NodeId(int Value);
