using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Reports;

/// <summary>An audit file that was read whole and whose hash is right.</summary>
/// <param name="Version">The version of ShellGuard that wrote it.</param>
/// <param name="Result">What it says, as the importer said it.</param>
/// <param name="Sha256">The hash at its end: of all lines before the last.</param>
public sealed record AuditFile(string Version, ImportResult Result, string Sha256);
