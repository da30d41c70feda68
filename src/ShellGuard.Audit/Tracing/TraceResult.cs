using ShellGuard.Audit.Import;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Tracing;

/// <summary>What a command did.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Audit">What it accessed.</param>
public sealed record TraceResult(ProcessExit Exit, ImportResult Audit);
