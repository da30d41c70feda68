namespace ShellGuard.Linux.Abi;

/// <summary>Flags of renameat2(2).</summary>
[Flags]
[CName("RENAME_", "linux/fs.h")]
public enum RENAME : uint
{
    NOREPLACE = 1,
    EXCHANGE = 2,
    WHITEOUT = 4,
}
