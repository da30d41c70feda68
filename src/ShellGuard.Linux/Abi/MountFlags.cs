namespace ShellGuard.Linux.Abi;

/// <summary>Flags of mount(2).</summary>
[Flags]
[CName("MS_", "sys/mount.h")]
public enum MountFlags : long
{
    None = 0,
    RDONLY = 1,
    NOSUID = 2,
    NODEV = 4,
    NOEXEC = 8,
    REMOUNT = 32,
    NOSYMFOLLOW = 256,
    BIND = 4096,
    REC = 16384,
    PRIVATE = 1 << 18,
}
