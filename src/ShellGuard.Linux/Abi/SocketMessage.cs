using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>struct iovec, readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct @iovec
{
    internal void* iov_base;
    internal nuint iov_len;
}

/// <summary>struct msghdr as the kernel reads it, recvmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct @msghdr
{
    internal void* msg_name;
    internal uint msg_namelen;
    internal iovec* msg_iov;
    internal nuint msg_iovlen;
    internal void* msg_control;
    internal nuint msg_controllen;
    internal int msg_flags;
}

/// <summary>struct cmsghdr, cmsg(3). Its data follows at once: 16 is a multiple of the alignment.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct @cmsghdr
{
    internal nuint cmsg_len;
    internal int cmsg_level;
    internal int cmsg_type;
}
