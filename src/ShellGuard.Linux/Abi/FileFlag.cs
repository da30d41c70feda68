namespace ShellGuard.Linux.Abi;

/// <summary>Flags and commands of open(2), fcntl(2), eventfd(2) and pipe(2) that the terminal code uses.</summary>
[CName("", "fcntl.h", "sys/eventfd.h")]
internal static class FileFlag
{
    internal const int O_RDWR = 0x2;
    internal const int O_NOCTTY = 0x100;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int AT_FDCWD = -100;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int EFD_NONBLOCK = O_NONBLOCK;
    internal const int EFD_CLOEXEC = O_CLOEXEC;
}
