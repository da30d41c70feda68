namespace ShellGuard.Linux.Abi;

/// <summary>Flags of renameat2(2).</summary>
[Flags]
[CName("RENAME_", "linux/fs.h")]
public enum RenameFlags : uint
{
    [CName("0")]
    None = 0,
    NOREPLACE = 0x1,
    EXCHANGE = 0x2,
    WHITEOUT = 0x4,
}
