using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct termios2</c> of asm/termbits.h, ioctl_tty(2): 44 bytes.</summary>
[CStruct("struct termios2", "asm/termbits.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct Termios2
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;
    public ControlCharacters c_cc;
    public uint c_ispeed;
    public uint c_ospeed;

    /// <summary><c>cc_t c_cc[NCCS]</c> with the kernel's NCCS, not the C library's 32.</summary>
    [InlineArray(19)]
    internal struct ControlCharacters
    {
        private byte _first;
    }
}
