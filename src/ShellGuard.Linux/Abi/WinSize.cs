using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct winsize</c>, TIOCGWINSZ(2const): 8 bytes.</summary>
[CStruct("struct winsize", "asm/termios.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct WinSize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}
