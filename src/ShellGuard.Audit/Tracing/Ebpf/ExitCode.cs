using ShellGuard.Linux.Abi;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A thread ended: <c>sched_process_exit(struct task_struct *p)</c>.</summary>
internal sealed class ExitCode(KernelLayout kernel, int ring) : CaptureCode(kernel, ring)
{
    protected override void Write()
    {
        Code.Load(DW, R7, R1, 0);
        Code.Call(BPF_FUNC.get_current_pid_tgid);
        Code.Store(W, R10, -16, R0);
        Find(Threads, -16);
        Code.If(R0, JEQ, 0, Out);
        FindScratch(R9, Out);
        Head(R9, Exit, EventRecords);
        FollowNumber(R8, R7, "task_struct.exit_code");
        Code.Store(DW, R9, EventValue, R8);

        // How many threads of the process are left.
        Follow(R8, R7, "task_struct.signal");
        FollowNumber(R8, R8, "signal_struct.live");
        Code.Store(DW, R9, EventArguments, R8);
        SendEvent(R9);
        Code.SetMap(R1, Threads);
        Code.Copy(R2, R10);
        Code.Compute(BPF_ALU.ADD, R2, -16);
        Code.Call(BPF_FUNC.map_delete_elem);
    }
}
