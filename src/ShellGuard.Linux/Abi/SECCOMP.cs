namespace ShellGuard.Linux.Abi;

/// <summary>Operations of seccomp(2).</summary>
[CName("SECCOMP_", "linux/seccomp.h")]
public enum SECCOMP : uint
{
    SET_MODE_STRICT = 0,
    SET_MODE_FILTER = 1,
    GET_ACTION_AVAIL = 2,
    GET_NOTIF_SIZES = 3,
}
