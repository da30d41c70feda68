using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct open_how</c>, openat2(2).</summary>
[CStruct("struct open_how", "linux/openat2.h")]
[StructLayout(LayoutKind.Sequential)]
public struct OpenHow
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}
