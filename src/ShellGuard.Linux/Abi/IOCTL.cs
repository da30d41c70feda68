namespace ShellGuard.Linux.Abi;

/// <summary>Requests of ioctl(2) that the filter refuses: ioctl_tty(2), and socket requests of the kernel.</summary>
[CName("", "sys/ioctl.h", "linux/sockios.h")]
public enum IOCTL : uint
{
    TIOCSTI = 0x5412,
    TIOCLINUX = 0x541c,
    TIOCCONS = 0x541d,
    TIOCSETD = 0x5423,
    SIOCGSKNS = 0x894c,
}
