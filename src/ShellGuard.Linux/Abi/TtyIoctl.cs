namespace ShellGuard.Linux.Abi;

/// <summary>Terminal requests of ioctl(2), asm/ioctls.h; ioctl_tty(2).</summary>
[CName("", "asm/termbits.h", "asm/ioctls.h")]
internal static class TtyIoctl
{
    internal const uint TCFLSH = 0x540B;
    internal const uint TIOCGPGRP = 0x540F;
    internal const uint TIOCSPGRP = 0x5410;
    internal const uint TIOCGWINSZ = 0x5413;
    internal const uint TIOCSWINSZ = 0x5414;
    internal const uint TIOCPKT = 0x5420;
    internal const uint TIOCGPTPEER = 0x5441;
    internal const uint TCGETS2 = 0x802C542A;
    internal const uint TCSETS2 = 0x402C542B;
    internal const uint TCSETSF2 = 0x402C542D;
    internal const uint TIOCSPTLCK = 0x40045431;
    internal const uint TIOCSIG = 0x40045436;

    /// <summary>Argument of <see cref="TCFLSH"/>: discard what was received and not read.</summary>
    internal const int TCIFLUSH = 0;
}
