namespace ShellGuard.Linux.Abi;

/// <summary>Flags of seccomp(SECCOMP_SET_MODE_FILTER), seccomp(2).</summary>
[Flags]
[CName("SECCOMP_FILTER_FLAG_", "linux/seccomp.h")]
public enum SECCOMP_FILTER_FLAG : uint
{
    [CName("0")]
    None = 0,
    TSYNC = 1,
    LOG = 2,
    SPEC_ALLOW = 4,
    NEW_LISTENER = 8,
    TSYNC_ESRCH = 16,
    WAIT_KILLABLE_RECV = 32,
}
