namespace ShellGuard.Linux.Handles;

/// <summary>What a process and the children that it waited for used, getrusage(2).</summary>
/// <param name="User">Time in the program.</param>
/// <param name="System">Time in the kernel.</param>
/// <param name="PeakBytes">The most memory that it had at once.</param>
public sealed record ProcessUsage(TimeSpan User, TimeSpan System, long PeakBytes);
