using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Jobs;

/// <summary>What process 1 of a cell saw, porter.s.</summary>
/// <param name="Process">The child, by the cell's numbers; 0 when none is left.</param>
/// <param name="WaitStatus">As wait4(2) gives it.</param>
internal readonly record struct PorterReport(int Process, int WaitStatus)
{
    private const int StoppedMark = 0x7f;

    /// <summary>What the child used; null where nobody ended or stopped.</summary>
    public ProcessUsage? Usage { get; init; }

    /// <summary>How the child ended.</summary>
    public ProcessExit Exit => new(Status, (WaitStatus & 0x7f) is var signal and not 0 ? signal : null);

    /// <summary>Whether no process is left but process 1.</summary>
    public bool IsIdle => Process == 0;

    public bool IsStopped => Process > 0 && (WaitStatus & 0xff) == StoppedMark;

    /// <summary>What stopped it; SIGTSTP is the keyboard's.</summary>
    public int StopSignal => (WaitStatus >> 8) & 0xff;

    /// <summary>The exit status, or 128 and the number of the signal.</summary>
    public int Status => (WaitStatus & 0x7f) is var signal and not 0 ? 128 + signal : (WaitStatus >> 8) & 0xff;
}
