using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Behind every system call: <c>sys_exit(struct pt_regs *regs, long ret)</c>. Tells the result of a call whose
/// beginning was told, what was opened, and what could not be read before.</summary>
internal sealed class LeaveCode(KernelLayout kernel, int ring) : CaptureCode(kernel, ring)
{
    protected override void Write()
    {
        BpfLabel noFile = new();
        BpfLabel none = new();

        // R6: context, R7: the thread's state, R8: what is known of the call, R9: scratch.
        Code.Copy(R6, R1);
        Code.Call(BPF_FUNC.get_current_pid_tgid);
        Code.Store(W, R10, -16, R0);
        Find(Threads, -16);
        Code.If(R0, JEQ, 0, Out);
        Code.Copy(R7, R0);
        Code.Load(W, R1, R7, ThreadCall);
        Code.If(R1, JEQ, 0, Out);
        Code.Store(W, R7, ThreadCall, 0);
        Code.Compute(AND, R1, AllCalls - 1);
        Code.Store(DW, R10, -24, R1);
        Code.Store(W, R10, -8, R1);
        Find(Calls, -8);
        Code.If(R0, JEQ, 0, Out);
        Code.Copy(R8, R0);
        FindScratch(R9, Out);
        Head(R9, End, EventRecords);
        Code.Load(DW, R1, R10, -24);
        Code.Store(H, R9, EventCall, R1);
        for (int i = 0; i < SystemCallArguments.Count; i++)
        {
            Code.Load(DW, R1, R7, ThreadArguments + (i * sizeof(ulong)));
            Code.Store(DW, R9, EventArguments + (i * sizeof(ulong)), R1);
        }

        Code.Load(DW, R6, R6, sizeof(ulong));
        Code.Store(DW, R9, EventValue, R6);
        Code.Load(B, R1, R8, SpecProperties);
        Code.Compute(AND, R1, ReturnsFile);
        Code.If(R1, JEQ, 0, noFile);
        Code.If(R6, JSLT, 0, noFile);
        CaptureDescriptor(R6, ResultArgument);
        Code.Here(noFile);
        Code.Load(W, R7, R7, ThreadUnread);
        Code.If(R7, JEQ, 0, none);
        CaptureArguments(R9, R8, onlyUnread: R7);
        Code.Here(none);
        SendEvent(R9);
    }

    protected override void WriteFunctions()
    {
        base.WriteFunctions();
        // An executed program's words come from itself, see ExecCode.
        WriteRecords(withWords: false);
    }
}
