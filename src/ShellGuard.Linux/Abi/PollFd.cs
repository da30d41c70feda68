using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct pollfd</c>, poll(2): 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    public int fd;
    public short events;
    public short revents;
}
