namespace ShellGuard.Audit.Reports;

/// <summary>An audit with the name of its file.</summary>
public sealed record NamedAudit(string Name, AuditFile File);
