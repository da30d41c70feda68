namespace ShellGuard.Cells.Verification;

/// <summary>How a command ended.</summary>
/// <param name="Status">As a shell shows it.</param>
/// <param name="Output">What it wrote to standard output, at most <see cref="Trial.MaxOutput"/> bytes.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
/// <param name="Errors">What it wrote to standard error, as much.</param>
public sealed record TrialResult(int Status, byte[] Output, bool IsWhole, byte[] Errors);
