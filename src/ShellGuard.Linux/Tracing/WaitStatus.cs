using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Tracing;

/// <summary>What wait4(2) says about a traced thread.</summary>
/// <param name="Raw">The status word.</param>
public readonly record struct WaitStatus(int Raw)
{
    private const int SystemCallStop = SIG.TRAP | 0x80;


    public bool IsExited => (Raw & 0x7f) == 0;

    /// <summary>0 to 255.</summary>
    public int ExitStatus => (Raw >> 8) & 0xff;

    public bool IsKilled => (Raw & 0x7f) is not 0 and not 0x7f;

    /// <summary>The signal that killed it.</summary>
    public int KillSignal => Raw & 0x7f;

    public bool IsCoreDumped => (Raw & 0x80) != 0;

    /// <summary>The signal that it stopped for, or the one that a stop of the job is for.</summary>
    public int StopSignal => (Raw >> 8) & 0xff;

    public PTRACE_EVENT Event => (PTRACE_EVENT)(Raw >> 16);

    /// <summary>A traced call is over, or about to be made where nothing else says so; PTRACE_O_TRACESYSGOOD.</summary>
    public bool IsCall => StopSignal == SystemCallStop && Event == PTRACE_EVENT.None;

    /// <summary>It stopped as a job, and only SIGCONT may let it go on.</summary>
    public bool IsJobStop => Event == PTRACE_EVENT.STOP && StopSignal != SIG.TRAP;
}
