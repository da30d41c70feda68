using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>What a filter sees of a system call, seccomp(2).</summary>
[CStruct("struct seccomp_data", "linux/seccomp.h")]
[StructLayout(LayoutKind.Sequential)]
public struct seccomp_data
{
    public int nr;
    public uint arch;
    public ulong instruction_pointer;
    public SystemCallArguments args;
}
