using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>One instruction of classic BPF, seccomp(2).</summary>
[CStruct("struct sock_filter", "linux/filter.h")]
[StructLayout(LayoutKind.Sequential)]
public struct sock_filter
{
    public ushort code;

    /// <summary>Instructions to skip where a comparison holds.</summary>
    public byte jt;

    /// <summary>Instructions to skip where it does not.</summary>
    public byte jf;

    public uint k;
}
