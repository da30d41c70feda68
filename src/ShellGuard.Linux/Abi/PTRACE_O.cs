namespace ShellGuard.Linux.Abi;

/// <summary>What a tracer wants to be told, ptrace(2) PTRACE_SETOPTIONS.</summary>
[Flags]
[CName("PTRACE_O_", "sys/ptrace.h")]
public enum PTRACE_O
{
    [CName("0")]
    None = 0,
    TRACESYSGOOD = 1,
    TRACEFORK = 2,
    TRACEVFORK = 4,
    TRACECLONE = 8,
    TRACEEXEC = 0x10,
    TRACEEXIT = 0x40,
    TRACESECCOMP = 0x80,
    EXITKILL = 0x100000,
}
