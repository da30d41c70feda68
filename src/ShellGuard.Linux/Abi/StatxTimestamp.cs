using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct statx_timestamp</c>, statx(2).</summary>
[CStruct("struct statx_timestamp", "linux/stat.h")]
[StructLayout(LayoutKind.Sequential)]
public struct StatxTimestamp
{
    public long tv_sec;
    public uint tv_nsec;
    private readonly int _reserved;
}
