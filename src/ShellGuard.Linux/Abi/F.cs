namespace ShellGuard.Linux.Abi;

/// <summary>Commands of fcntl(2), as far as the filter names them.</summary>
[CName("F_", "fcntl.h")]
public enum F : uint
{
    GETFD = 1,
    GETFL = 3,
    SETLEASE = 1024,
    DUPFD_CLOEXEC = 1030,
}
