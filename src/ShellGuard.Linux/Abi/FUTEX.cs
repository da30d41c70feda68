namespace ShellGuard.Linux.Abi;

/// <summary>Operations of futex(2) and what may be added to them, as far as the filter names them.</summary>
[CName("FUTEX_", "linux/futex.h")]
public enum FUTEX : uint
{
    WAIT = 0,
    WAIT_BITSET = 9,
    WAIT_REQUEUE_PI = 11,
    PRIVATE_FLAG = 128,
    CLOCK_REALTIME = 256,
}
