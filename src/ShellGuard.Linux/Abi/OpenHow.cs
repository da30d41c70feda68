using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>struct open_how, openat2(2).</summary>
[CStruct("struct open_how", "linux/openat2.h")]
[StructLayout(LayoutKind.Sequential)]
internal struct @open_how
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}

/// <summary>struct epoll_event: packed on x86-64, epoll_ctl(2).</summary>
[CStruct("struct epoll_event", "sys/epoll.h")]
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct @epoll_event
{
    public uint events;
    public ulong data;
}
