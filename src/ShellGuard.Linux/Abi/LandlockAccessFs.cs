namespace ShellGuard.Linux.Abi;

/// <summary>File system rights of landlock(7).</summary>
[Flags]
[CName("LANDLOCK_ACCESS_FS_", "linux/landlock.h")]
public enum LandlockAccessFs : ulong
{
    None = 0,
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    REMOVE_DIR = 1 << 4,
    REMOVE_FILE = 1 << 5,
    MAKE_CHAR = 1 << 6,
    MAKE_DIR = 1 << 7,
    MAKE_REG = 1 << 8,
    MAKE_SOCK = 1 << 9,
    MAKE_FIFO = 1 << 10,
    MAKE_BLOCK = 1 << 11,
    MAKE_SYM = 1 << 12,
    REFER = 1 << 13,
}
