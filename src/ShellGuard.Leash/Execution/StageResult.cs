using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Execution;

/// <summary>How one stage ended.</summary>
public sealed record StageResult(ProcessExit Exit, ProcessUsage Usage);
