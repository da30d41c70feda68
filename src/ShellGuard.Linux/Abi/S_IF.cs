namespace ShellGuard.Linux.Abi;

/// <summary>File types in a mode, inode(7). Octal in the headers.</summary>
[CName("S_IF", "sys/stat.h")]
public enum S_IF : uint
{
    IFO = 0x1000,
    CHR = 0x2000,
    DIR = 0x4000,
    BLK = 0x6000,
    REG = 0x8000,
    LNK = 0xa000,
    SOCK = 0xc000,
    MT = 0xf000,
}
