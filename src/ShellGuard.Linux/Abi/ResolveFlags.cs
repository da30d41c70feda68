namespace ShellGuard.Linux.Abi;

/// <summary>How openat2(2) may resolve a path.</summary>
[Flags]
[CName("RESOLVE_", "linux/openat2.h")]
public enum ResolveFlags : ulong
{
    NO_XDEV = 0x1,
    NO_MAGICLINKS = 0x2,
    NO_SYMLINKS = 0x4,
    BENEATH = 0x8,
    IN_ROOT = 0x10,
}
