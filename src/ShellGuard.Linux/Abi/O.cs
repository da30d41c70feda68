namespace ShellGuard.Linux.Abi;

/// <summary>Flags of open(2), as far as the filter names them. Octal in the headers.</summary>
[Flags]
[CName("O_", "fcntl.h")]
public enum O : uint
{
    RDONLY = 0,
    WRONLY = 1,
    RDWR = 2,
    ACCMODE = 3,
    CREAT = 0x40,
    TRUNC = 0x200,
    CLOEXEC = 0x80000,
}
