namespace ShellGuard.Linux.Handles;

/// <summary>How a process ended.</summary>
/// <param name="Status">0 to 255 as a shell shows it; 128 plus the signal when it was killed.</param>
/// <param name="Signal">The signal that killed it, or null.</param>
public readonly record struct ProcessExit(int Status, int? Signal);
