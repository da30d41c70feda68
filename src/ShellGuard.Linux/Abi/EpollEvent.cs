using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct epoll_event</c>, packed on x86-64, epoll_ctl(2).</summary>
[CStruct("struct epoll_event", "sys/epoll.h")]
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public uint events;
    public ulong data;
}
