namespace ShellGuard.Audit.Coverage;

/// <summary>How far a recording can be relied on, and why not further.</summary>
/// <param name="State">Complete, partial or failed.</param>
/// <param name="Reasons">The worst first; empty when complete.</param>
public sealed record CoverageVerdict(CoverageState State, IReadOnlyList<CoverageReason> Reasons);
