using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

#pragma warning disable CS8981 // the kernel's name, verbatim; the language reserves no such word
/// <summary>A descriptor to wait for, poll(2).</summary>
[CStruct("struct pollfd", "poll.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct pollfd
{
    public int fd;
    public POLL events;
    public POLL revents;
}
#pragma warning restore CS8981
