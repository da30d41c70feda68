namespace ShellGuard.Linux.Abi;

/// <summary>Advice of madvise(2), as far as the filter names it.</summary>
[CName("MADV_", "sys/mman.h")]
public enum MADV : uint
{
    MERGEABLE = 12,
}
