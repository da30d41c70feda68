namespace ShellGuard.Audit.Reports;

/// <summary>How many distinct objects, and how often in all.</summary>
public readonly record struct SummaryCount(int Distinct, long Times);
