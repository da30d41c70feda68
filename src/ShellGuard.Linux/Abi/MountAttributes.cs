namespace ShellGuard.Linux.Abi;

/// <summary>Attributes of mount_setattr(2).</summary>
[Flags]
[CName("MOUNT_ATTR_", "linux/mount.h")]
public enum MountAttributes : ulong
{
    None = 0,
    RDONLY = 1,
    NOSUID = 2,
    NODEV = 4,
    NOEXEC = 8,
    NOSYMFOLLOW = 0x200000,
}
