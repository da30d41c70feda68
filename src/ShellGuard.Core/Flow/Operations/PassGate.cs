namespace ShellGuard.Core.Flow.Operations;

/// <summary>Checked data goes through a gate into a cell.</summary>
/// <param name="Gate">Its index in the policy.</param>
/// <param name="From">Where the gate read.</param>
public sealed record PassGate(int Gate, NodeId From, NodeId To, long Bits) : FlowOperation;
