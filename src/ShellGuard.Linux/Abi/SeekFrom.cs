namespace ShellGuard.Linux.Abi;

/// <summary>Where lseek(2) counts from.</summary>
[CName("SEEK_", "linux/fs.h")]
public enum SeekFrom
{
    SET = 0,
    CUR = 1,
    END = 2,
    DATA = 3,
    HOLE = 4,
}
