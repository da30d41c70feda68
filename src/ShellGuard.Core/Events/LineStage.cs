namespace ShellGuard.Core.Events;

/// <summary>How one stage of a pipeline ended.</summary>
/// <param name="Status">Its status as a shell shows it.</param>
/// <param name="UserMicroseconds">Time in the program.</param>
/// <param name="SystemMicroseconds">Time in the kernel.</param>
/// <param name="PeakBytes">The most memory that it had.</param>
public sealed record LineStage(int Status, long UserMicroseconds, long SystemMicroseconds, long PeakBytes);
