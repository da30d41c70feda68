namespace ShellGuard.Linux.Abi;

/// <summary>What a filter returns, seccomp(2). The upper half is the action, the lower half its datum.</summary>
[CName("SECCOMP_RET_", "linux/seccomp.h")]
public enum SECCOMP_RET : uint
{
    KILL_THREAD = 0,
    TRAP = 0x30000,
    ERRNO = 0x50000,
    USER_NOTIF = 0x7fc00000,
    TRACE = 0x7ff00000,
    LOG = 0x7ffc0000,
    ALLOW = 0x7fff0000,
    KILL_PROCESS = 0x80000000,
    ACTION_FULL = 0xffff0000,
    DATA = 0xffff,
}
