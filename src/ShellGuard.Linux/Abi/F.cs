namespace ShellGuard.Linux.Abi;

/// <summary>Commands of fcntl(2), as far as the filter names them.</summary>
[CName("F_", "fcntl.h")]
public enum F : uint
{
    GETFD = 1,
    GETFL = 3,
    GETLK = 5,
    SETLK = 6,
    SETLKW = 7,
    OFD_GETLK = 36,
    OFD_SETLK = 37,
    OFD_SETLKW = 38,
    SETLEASE = 1024,
    NOTIFY = 1026,
    DUPFD_CLOEXEC = 1030,
    SETPIPE_SZ = 1031,
}
