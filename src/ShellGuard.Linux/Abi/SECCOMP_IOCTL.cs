namespace ShellGuard.Linux.Abi;

/// <summary>Requests and flags of the notification descriptor, seccomp_unotify(2).</summary>
[CName("SECCOMP_", "linux/seccomp.h", "sys/ioctl.h")]
internal static class SECCOMP_IOCTL
{
    public const uint IOCTL_NOTIF_RECV = 0xc0502100;
    public const uint IOCTL_NOTIF_SEND = 0xc0182101;
    public const uint IOCTL_NOTIF_ID_VALID = 0x40082102;
    public const uint IOCTL_NOTIF_ADDFD = 0x40182103;

    [NewerThanHeaders("Linux 6.6, include/uapi/linux/seccomp.h")]
    public const uint IOCTL_NOTIF_SET_FLAGS = 0x40082104;

    [NewerThanHeaders("Linux 6.6, include/uapi/linux/seccomp.h")]
    public const uint USER_NOTIF_FD_SYNC_WAKE_UP = 1;

    public const uint USER_NOTIF_FLAG_CONTINUE = 1;
    public const uint ADDFD_FLAG_SETFD = 1;
    public const uint ADDFD_FLAG_SEND = 2;
}
