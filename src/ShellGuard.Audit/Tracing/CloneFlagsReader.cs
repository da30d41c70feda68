using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Audit.Tracing;

/// <summary>What a new thread shares with its parent, from the registers of the parent's call.</summary>
internal static class CloneFlagsReader
{
    /// <param name="thread">Stopped at the event of its fork, vfork or clone.</param>
    /// <param name="name">The call.</param>
    public static ulong Read(int thread, out string name)
    {
        name = "fork";
        if (Ptrace.ReadRegisters(thread, out user_regs_struct registers).Failed)
        {
            return 0;
        }

        // Also a native program can make the old calls, by int 0x80. Their numbers mean nothing that starts a thread natively.
        int number = (int)registers.orig_rax & 0xffffff;
        switch (number)
        {
            case 56:
                name = "clone";
                return registers.rdi;
            case 120:
                name = "clone";
                return registers.rbx;
            case 435:
                name = "clone3";
                ulong at = IsCompatible(thread) ? (uint)registers.rbx : registers.rdi;
                return new LiveView { Thread = thread }.TryWord(at, sizeof(ulong), out ulong flags) ? flags : 0;
            case 58 or 190:
                name = "vfork";
                return (ulong)(CLONE.VM | CLONE.VFORK);
            default:
                return 0;
        }
    }

    /// <summary>By the call itself: a native program can make the calls of 32-bit ones.</summary>
    private static bool IsCompatible(int thread) =>
        Ptrace.ReadCall(thread, out ptrace_syscall_info call).Succeeded && (AUDIT_ARCH)call.arch == AUDIT_ARCH.I386;
}
