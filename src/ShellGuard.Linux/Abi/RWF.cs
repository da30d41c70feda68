namespace ShellGuard.Linux.Abi;

/// <summary>Flags of preadv2(2), as far as the filter names them.</summary>
[CName("RWF_", "linux/fs.h")]
public enum RWF : uint
{
    NOWAIT = 8,
}
