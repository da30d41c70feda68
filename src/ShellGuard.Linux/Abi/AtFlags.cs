namespace ShellGuard.Linux.Abi;

/// <summary>Flags of the system calls whose names end in <c>at</c>, and the descriptor that stands for the working
/// directory.</summary>
[Flags]
[CName("AT_", "fcntl.h")]
public enum AtFlags
{
    [CName("0")]
    None = 0,
    FDCWD = -100,
    SYMLINK_NOFOLLOW = 0x100,
    REMOVEDIR = 0x200,
    SYMLINK_FOLLOW = 0x400,
    NO_AUTOMOUNT = 0x800,
    EMPTY_PATH = 0x1000,
}
