using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>What call a traced thread makes, or what it returned, ptrace(2) PTRACE_GET_SYSCALL_INFO. At the end of a
/// call <see cref="nr"/> is the returned value, and the low byte of the first argument says whether it is an error.
/// </summary>
[CStruct("struct ptrace_syscall_info", "linux/ptrace.h")]
[StructLayout(LayoutKind.Sequential, Size = 88)]
public struct ptrace_syscall_info
{
    public byte op;
    private readonly byte _pad0;
    private readonly byte _pad1;
    private readonly byte _pad2;
    public uint arch;
    public ulong instruction_pointer;
    public ulong stack_pointer;

    [CName("entry.nr")]
    public ulong nr;

    [CName("entry.args")]
    public SystemCallArguments args;
}
