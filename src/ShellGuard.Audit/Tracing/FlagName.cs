namespace ShellGuard.Audit.Tracing;

/// <summary>A constant of the kernel's interface.</summary>
internal sealed record FlagName(uint Value, string Name);
