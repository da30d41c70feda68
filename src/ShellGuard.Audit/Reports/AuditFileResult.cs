namespace ShellGuard.Audit.Reports;

/// <summary>What reading an audit file came to.</summary>
/// <param name="File">The file; null where anything is wrong with it, because a file that was touched proves nothing.
/// </param>
/// <param name="Problems">What is wrong, at most <see cref="AuditFileReader.MaxListed"/> of it.</param>
/// <param name="ProblemCount">How much is wrong.</param>
public sealed record AuditFileResult(AuditFile? File, IReadOnlyList<AuditFileProblem> Problems, long ProblemCount);
