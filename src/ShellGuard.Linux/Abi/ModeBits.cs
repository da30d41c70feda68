namespace ShellGuard.Linux.Abi;

/// <summary>Bits of a mode beside the type, inode(7).</summary>
[CName("S_IS", "sys/stat.h")]
public static class ModeBits
{
    public const uint UID = 0x800;
    public const uint GID = 0x400;
    public const uint VTX = 0x200;

    /// <summary>All bits that chmod(2) sets.</summary>
    [CName("07777")]
    public const uint All = 0xFFF;
}
