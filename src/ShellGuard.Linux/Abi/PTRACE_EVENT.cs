namespace ShellGuard.Linux.Abi;

/// <summary>Why a traced thread stopped, ptrace(2).</summary>
[CName("PTRACE_EVENT_", "sys/ptrace.h")]
public enum PTRACE_EVENT
{
    [CName("0")]
    None = 0,
    FORK = 1,
    VFORK = 2,
    CLONE = 3,
    EXEC = 4,
    EXIT = 6,
    SECCOMP = 7,
    STOP = 128,
}
