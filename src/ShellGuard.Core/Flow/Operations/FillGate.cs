namespace ShellGuard.Core.Flow.Operations;

/// <summary>A filter's period begins anew, or a person approved that many bits.</summary>
/// <param name="Gate">Its index in the policy.</param>
public sealed record FillGate(int Gate, long Bits) : FlowOperation;
