namespace ShellGuard.Linux.Abi;

/// <summary>Clocks of clock_gettime(2).</summary>
[CName("CLOCK_", "time.h")]
public enum Clock
{
    REALTIME = 0,
    MONOTONIC = 1,
    BOOTTIME = 7,
}
