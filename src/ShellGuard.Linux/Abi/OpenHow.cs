using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>struct open_how, openat2(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct @open_how
{
    internal ulong flags;
    internal ulong mode;
    internal ulong resolve;
}

/// <summary>struct epoll_event: packed on x86-64, epoll_ctl(2).</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct @epoll_event
{
    internal uint events;
    internal ulong data;
}
