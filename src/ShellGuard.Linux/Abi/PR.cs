namespace ShellGuard.Linux.Abi;

/// <summary>Operations of prctl(2), as far as the filter names them.</summary>
[CName("PR_", "sys/prctl.h")]
public enum PR
{
    SET_DUMPABLE = 4,
    SET_SECCOMP = 22,
    SET_MM = 35,
    SET_NO_NEW_PRIVS = 38,

    [NewerThanHeaders("Linux 6.4, include/uapi/linux/prctl.h")]
    SET_MEMORY_MERGE = 67,
}
