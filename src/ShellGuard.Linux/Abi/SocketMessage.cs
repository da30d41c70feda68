using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>struct iovec, readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct @iovec
{
    public void* iov_base;
    public nuint iov_len;
}

/// <summary>struct msghdr as the kernel reads it, recvmsg(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct @msghdr
{
    public void* msg_name;
    public uint msg_namelen;
    public iovec* msg_iov;
    public nuint msg_iovlen;
    public void* msg_control;
    public nuint msg_controllen;
    public int msg_flags;
}

/// <summary>struct cmsghdr, cmsg(3). Its data follows at once: 16 is a multiple of the alignment.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct @cmsghdr
{
    public nuint cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
}
