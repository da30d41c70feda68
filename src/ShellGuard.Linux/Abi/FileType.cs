namespace ShellGuard.Linux.Abi;

/// <summary>The type of an inode: the mode's bits beneath <c>S_IFMT</c>, inode(7).</summary>
[CName("S_IF", "sys/stat.h")]
public enum FileType : uint
{
    [CName("0")]
    None = 0,
    IFO = 0x1000,
    CHR = 0x2000,
    DIR = 0x4000,
    BLK = 0x6000,
    REG = 0x8000,
    LNK = 0xA000,
    SOCK = 0xC000,
    MT = 0xF000,
}
