using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A thread made another one, which has not run yet: <c>sched_process_fork(struct task_struct *parent, struct
/// task_struct *child)</c>. What the two share is read from them, and not from what was asked for.</summary>
internal sealed class ForkCode(KernelLayout kernel, int ring) : CaptureCode(kernel, ring)
{
    private const int Child = -24, Flags = -32;

    protected override void Write()
    {
        // R6: parent, R7: child, R8: flags, R9: scratch.
        Code.Load(DW, R7, R1, sizeof(ulong));
        Code.Load(DW, R6, R1, 0);
        Code.Call(BPF_FUNC.get_current_pid_tgid);
        Code.Store(W, R10, -16, R0);
        Find(Threads, -16);
        Code.If(R0, JEQ, 0, Out);
        FindScratch(R9, Out);
        Head(R9, Fork, EventRecords);
        Code.Store(DW, R9, ForkCall, 0);
        FollowNumber(R8, R7, "task_struct.pid");
        Code.Store(W, R10, Child, R8);
        Code.Store(W, R9, ForkChild, R8);
        FollowNumber(R8, R7, "task_struct.tgid");
        Code.Store(W, R9, ForkChildProcess, R8);
        Code.Copy(R1, R7);
        Code.Call(Number);
        Code.Store(W, R9, ForkNumber, R0);
        Follow(R1, R7, "task_struct.group_leader");
        Code.Call(Number);
        Code.Store(W, R9, ForkProcessNumber, R0);
        AddThread(Child, R0);
        Code.Set(R8, 0);
        MarkShared("task_struct.mm", (int)CLONE.VM);
        MarkShared("task_struct.fs", (int)CLONE.FS);
        MarkShared("task_struct.files", (int)CLONE.FILES);
        MarkShared("task_struct.group_leader", (int)CLONE.THREAD);
        Code.Store(DW, R9, ForkFlags, R8);

        // Which call it was: its number, and whether it is one of 32-bit programs.
        Code.Call(BPF_FUNC.get_current_task_btf);
        Code.Copy(R1, R0);
        Code.Call(BPF_FUNC.task_pt_regs);
        Code.Load(DW, R8, R0, pt_regs.orig_rax);
        Code.Store(W, R9, ForkCall, R8);
        FollowNumber(R8, R6, "task_struct.thread_info.status");
        Code.Store(W, R9, ForkCall + sizeof(uint), R8);
        SendEvent(R9);
    }

    protected override void WriteFunctions()
    {
        base.WriteFunctions();
        WriteNumber();
    }

    private void MarkShared(string path, int flag)
    {
        BpfLabel own = new();
        Follow(R1, R6, path);
        Code.Store(DW, R10, Flags, R1);
        Follow(R1, R7, path);
        Code.Load(DW, R2, R10, Flags);
        Code.If(R1, JNE, R2, own);
        Code.Compute(OR, R8, flag);
        Code.Here(own);
    }
}
