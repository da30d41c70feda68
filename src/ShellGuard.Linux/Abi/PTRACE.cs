namespace ShellGuard.Linux.Abi;

/// <summary>Requests of ptrace(2), as far as the tracer uses or names them.</summary>
[CName("PTRACE_", "sys/ptrace.h")]
public enum PTRACE
{
    TRACEME = 0,
    CONT = 7,
    GETREGS = 12,
    SETREGS = 13,
    ATTACH = 16,
    DETACH = 17,
    SYSCALL = 24,
    GETEVENTMSG = 0x4201,
    SETOPTIONS = 0x4200,
    SEIZE = 0x4206,
    INTERRUPT = 0x4207,
    LISTEN = 0x4208,

    [CName("PTRACE_GET_SYSCALL_INFO", "linux/ptrace.h")]
    GET_SYSCALL_INFO = 0x420e,
}
