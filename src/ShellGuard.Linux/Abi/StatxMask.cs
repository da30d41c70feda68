namespace ShellGuard.Linux.Abi;

/// <summary>Which fields statx(2) is asked for and has filled in.</summary>
[Flags]
[CName("STATX_", "linux/stat.h")]
public enum StatxMask : uint
{
    BASIC_STATS = 0x7FF,
    BTIME = 0x800,
    MNT_ID = 0x1000,
}
