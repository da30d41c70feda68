namespace ShellGuard.Audit.Reports;

/// <summary>What is wrong with an audit file.</summary>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="Text">One clause; parts of it come from the file.</param>
public sealed record AuditFileProblem(long Line, string Text);
