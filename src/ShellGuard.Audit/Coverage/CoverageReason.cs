using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Coverage;

/// <summary>One reason, with its evidence.</summary>
/// <param name="Problem">What is missing.</param>
/// <param name="Count">How often.</param>
/// <param name="First">Where it was seen first.</param>
/// <param name="Text">One clause for people, with the way on where there is one.</param>
public sealed record CoverageReason(CoverageProblem Problem, long Count, Origin First, string Text);
