namespace ShellGuard.Core.Flow;

/// <summary>One step of a path. Bytes go, or went, or would go from <paramref name="From"/> to <paramref name="To"/>.</summary>
/// <param name="Kind">How. <see cref="ArrivalKind.Declared"/> and <see cref="ArrivalKind.Acquired"/> are the ends of
/// paths, where both nodes are the same.</param>
/// <param name="What">The resource or the gate; empty for an edge.</param>
/// <param name="Step">The operation that made it so, counted from 1; journal and clock are found by it. For an edge that
/// leads to a sink, the refused operation: the edge is there.</param>
public sealed record PathStep(ArrivalKind Kind, NodeId From, NodeId To, string What, long Step);
