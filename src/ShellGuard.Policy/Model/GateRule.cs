using ShellGuard.Core.Flow;

namespace ShellGuard.Policy.Model;

/// <summary>A gate with what the supervisor needs to carry it out. Of the two rules one is there, by the gate's
/// kind.</summary>
/// <param name="Gate">As the flow model knows it; its index is the same in <see cref="WallRules.Gates"/> and in
/// <see cref="FlowPolicy.Gates"/>.</param>
public sealed record GateRule(Gate Gate, FilterRule? Filter, ApprovalRule? Approval);
