namespace ShellGuard.Linux.Abi;

/// <summary>What flock(2) is asked for.</summary>
[Flags]
[CName("LOCK_", "sys/file.h")]
public enum LockOperation
{
    SH = 1,
    EX = 2,
    NB = 4,
    UN = 8,
}
