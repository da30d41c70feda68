namespace ShellGuard.Linux.Abi;

/// <summary>Values of personality(2), as far as the filter names them.</summary>
[CName("", "sys/personality.h")]
public enum PER : uint
{
    PER_LINUX = 0,
    PER_LINUX32 = 8,
    UNAME26 = 0x20000,
    ADDR_NO_RANDOMIZE = 0x40000,
    MMAP_PAGE_ZERO = 0x100000,
    ADDR_COMPAT_LAYOUT = 0x200000,
    READ_IMPLIES_EXEC = 0x400000,
}
