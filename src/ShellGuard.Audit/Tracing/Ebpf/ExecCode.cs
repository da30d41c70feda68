using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A program was executed: <c>sched_process_exec(struct task_struct *p, pid_t old_pid, struct linux_binprm
/// *bprm)</c>. A thread that is not the first one of its process has the first one's number from now on. Where path or
/// arguments could not be read before, they are taken from the kernel's own copy and from the new program's memory.
/// </summary>
internal sealed class ExecCode(KernelLayout kernel, int ring) : CaptureCode(kernel, ring)
{
    private const int Former = -16, Now = -24, End = -40;

    protected override void Write()
    {
        BpfLabel same = new();
        BpfLabel read = new();
        BpfLabel noPath = new();
        BpfLabel send = new();

        // R6: context, R7: the thread's state, R9: scratch.
        Code.Copy(R6, R1);
        Code.Load(DW, R8, R6, sizeof(ulong));
        Code.Store(W, R10, Former, R8);
        Find(Threads, Former);
        Code.If(R0, JEQ, 0, Out);
        Code.Copy(R7, R0);
        FindScratch(R9, Out);
        Head(R9, Exec, EventRecords);
        Code.Store(DW, R9, EventValue, R8);
        Code.Load(W, R1, R9, EventThread);
        Code.Store(W, R10, Now, R1);
        Code.Load(W, R2, R9, EventValue);
        Code.If(R1, JEQ, R2, same);
        Code.SetMap(R1, Threads);
        Code.Copy(R2, R10);
        Code.Compute(ADD, R2, Now);
        Code.Copy(R3, R7);
        Code.Set(R4, 0);
        Code.Call(BPF_FUNC.map_update_elem);
        Code.SetMap(R1, Threads);
        Code.Copy(R2, R10);
        Code.Compute(ADD, R2, Former);
        Code.Call(BPF_FUNC.map_delete_elem);
        Find(Threads, Now);
        Code.If(R0, JEQ, 0, Out);
        Code.Copy(R7, R0);

        Code.Here(same);
        Code.Load(W, R1, R7, ThreadUnread);
        Code.If(R1, JNE, 0, read);
        Code.Jump(send);
        Code.Here(read);

        // What could not be read is not there any more: it must not be looked for when the call is over.
        Code.Store(W, R7, ThreadUnread, 0);
        Code.Load(DW, R8, R6, 2 * sizeof(ulong));
        Follow(R8, R8, "linux_binprm.filename");
        Code.Copy(R1, R9);
        Code.Compute(ADD, R1, EventRecords + RecordData);
        Code.Set(R2, PathMax);
        Code.Copy(R3, R8);
        Code.Call(BPF_FUNC.probe_read_kernel_str);
        Code.If(R0, JSLT, 1, noPath);
        Code.Store(W, R9, EventRecords + RecordTag, Memory);
        Code.Store(W, R9, EventRecords + RecordLength, R0);
        Code.Store(DW, R9, EventRecords + RecordAddress, 0);
        Code.Compute(ADD, R0, RecordData + 7);
        Code.Compute(AND, R0, -8);
        Code.Load(W, R1, R9, EventSize);
        Code.Compute(ADD, R1, R0);
        Code.Store(W, R9, EventSize, R1);
        Code.Here(noPath);

        // The arguments as the new program finds them, one behind the other.
        Code.Load(DW, R8, R6, 0);
        Follow(R8, R8, "task_struct.mm");
        Follow(R1, R8, "mm_struct.arg_end");
        Code.Store(DW, R10, End, R1);
        Follow(R8, R8, "mm_struct.arg_start");
        Code.Load(DW, R2, R10, End);
        Code.Compute(SUB, R2, R8);
        Code.If(R2, JSLT, 1, send);
        BpfLabel fits = new();
        Code.If(R2, JLE, PathMax, fits);
        Code.Set(R2, PathMax);
        Code.Here(fits);
        Code.Store(DW, R10, End, R2);
        Code.Load(W, R1, R9, EventSize);
        Code.If(R1, JGT, Limit, send);
        Code.Compute(ADD, R1, R9);
        Code.Compute(ADD, R1, RecordData);
        Code.Copy(R3, R8);
        Code.Call(BPF_FUNC.probe_read_user);
        Code.If(R0, JNE, 0, send);
        Code.Load(W, R1, R9, EventSize);
        Code.If(R1, JGT, Limit, send);
        Code.Copy(R2, R9);
        Code.Compute(ADD, R2, R1);
        Code.Load(DW, R3, R10, End);
        Code.Store(W, R2, RecordTag, Word);
        Code.Store(W, R2, RecordLength, R3);
        Code.Store(DW, R2, RecordAddress, 0);
        Code.Compute(ADD, R1, R3);
        Code.Compute(ADD, R1, RecordData + 7);
        Code.Compute(AND, R1, -8);
        Code.Store(W, R9, EventSize, R1);
        Code.Here(send);
        SendEvent(R9);
    }
}
