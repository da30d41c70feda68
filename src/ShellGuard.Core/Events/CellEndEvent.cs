namespace ShellGuard.Core.Events;

/// <summary>A cell's last process is gone.</summary>
/// <param name="ExitStatus">The first process's exit status; null when a signal ended it.</param>
/// <param name="Signal">The signal's number that ended it; null when it exited.</param>
public sealed record CellEndEvent(int? ExitStatus, int? Signal) : JournalEvent(EventKind.CellEnd);
