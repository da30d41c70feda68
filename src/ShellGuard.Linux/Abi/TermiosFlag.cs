namespace ShellGuard.Linux.Abi;

/// <summary>Bits and indexes of <c>struct termios2</c>, asm/termbits.h, termios(3).</summary>
[CName("", "asm/termbits.h")]
internal static class TermiosFlag
{
    // c_iflag
    internal const uint IGNBRK = 0x0001;
    internal const uint BRKINT = 0x0002;
    internal const uint PARMRK = 0x0008;
    internal const uint ISTRIP = 0x0020;
    internal const uint INLCR = 0x0040;
    internal const uint IGNCR = 0x0080;
    internal const uint ICRNL = 0x0100;
    internal const uint IXON = 0x0400;

    // c_oflag
    internal const uint OPOST = 0x0001;

    // c_cflag
    internal const uint CSIZE = 0x0030;
    internal const uint CS8 = 0x0030;
    internal const uint PARENB = 0x0100;

    // c_lflag
    internal const uint ISIG = 0x0001;
    internal const uint ICANON = 0x0002;
    internal const uint ECHO = 0x0008;
    internal const uint ECHONL = 0x0040;
    internal const uint IEXTEN = 0x8000;
    internal const uint EXTPROC = 0x10000;

    // indexes into c_cc
    internal const int VINTR = 0;
    internal const int VQUIT = 1;
    internal const int VEOF = 4;
    internal const int VTIME = 5;
    internal const int VMIN = 6;
}
