namespace ShellGuard.Cells.Verification;

/// <summary>One run of a command with some capabilities.</summary>
/// <param name="Status">As a shell shows it.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
/// <param name="Denials">What was denied, as text.</param>
public sealed record AblationRun(int Status, byte[] Output, bool IsWhole, IReadOnlyList<string> Denials);
