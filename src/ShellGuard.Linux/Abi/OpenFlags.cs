namespace ShellGuard.Linux.Abi;

/// <summary>Flags of open(2).</summary>
[Flags]
[CName("O_", "fcntl.h")]
public enum OpenFlags
{
    RDONLY = 0,
    WRONLY = 1,
    RDWR = 2,
    CREAT = 0x40,
    EXCL = 0x80,
    NOCTTY = 0x100,
    TRUNC = 0x200,
    APPEND = 0x400,
    NONBLOCK = 0x800,
    DIRECTORY = 0x10000,
    NOFOLLOW = 0x20000,
    NOATIME = 0x40000,
    CLOEXEC = 0x80000,
    PATH = 0x200000,
}
