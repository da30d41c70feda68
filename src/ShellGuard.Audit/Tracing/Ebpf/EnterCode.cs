using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Before every system call of every process: <c>sys_enter(struct pt_regs *regs, long id)</c>. What does not
/// count leaves after one look into an array.</summary>
/// <param name="word">What a command announces itself by.</param>
/// <param name="ofCgroup">Whether processes of a control group are followed as well.</param>
internal sealed class EnterCode(KernelLayout kernel, int ring, CallSpecs specs, ulong word, bool ofCgroup) : CaptureCode(kernel, ring)
{
    /// <summary>Flag of a thread that made its call as 32-bit programs do, <c>TS_COMPAT</c> of x86.</summary>
    private const int Compatible = 2;

    private const int Thread = -16, ThreadValue = -24, Spec = -32, Task = -40;

    private static readonly int[] NativeRegisters =
        [pt_regs.rdi, pt_regs.rsi, pt_regs.rdx, pt_regs.r10, pt_regs.r8, pt_regs.r9];

    private static readonly int[] CompatibleRegisters =
        [pt_regs.rbx, pt_regs.rcx, pt_regs.rdx, pt_regs.rsi, pt_regs.rdi, pt_regs.rbp];

    /// <summary>The numbers in socketcall(2), and those of the calls that they stand for.</summary>
    private static readonly (int Number, int Call)[] SocketCalls =
        [(1, 359), (2, 361), (3, 362), (4, 363), (11, 369), (16, 370), (20, 345)];

    protected override void Write()
    {
        BpfLabel announced = new();
        BpfLabel known = new();
        BpfLabel compatible = new();
        BpfLabel have = new();

        // R6: context, R7: number.
        Code.Copy(R6, R1);
        Code.Load(DW, R7, R6, sizeof(ulong));
        Code.Compute(AND, R7, 0x3fffffff);
        Code.If(R7, JGE, NativeCalls, Out);
        Code.Store(W, R10, -8, R7);
        Find(Calls, -8);
        Code.If(R0, JEQ, 0, Out);
        Code.Load(B, R8, R0, SpecTraced);
        Code.If(R8, JEQ, 0, Out);
        Code.Copy(R9, R0);
        Code.Call(BPF_FUNC.get_current_pid_tgid);
        Code.Store(W, R10, Thread, R0);
        Code.If(R8, JSET, Announces, announced);
        Find(Threads, Thread);
        Code.If(R0, JNE, 0, known);
        if (ofCgroup)
        {
            WriteFound(known);
        }
        else
        {
            Code.Jump(Out);
        }

        Code.Here(known);
        Code.Store(DW, R10, ThreadValue, R0);
        Code.Store(DW, R10, Spec, R9);
        Code.Call(BPF_FUNC.get_current_task);
        Code.Copy(R3, R0);
        FollowNumber(R1, R3, "task_struct.thread_info.status");
        Code.If(R1, JSET, Compatible, compatible);
        Code.If(R8, JSET, TracedNative, have);
        Code.Jump(Out);
        Code.Here(compatible);
        Code.Compute(AND, R8, TracedCompatible);
        Code.If(R8, JEQ, 0, Out);
        Code.Compute(ADD, R7, NativeCalls);

        Code.Here(have);
        FindScratch(R9, Out);
        Head(R9, Begin, EventRecords);
        Code.Store(H, R9, EventCall, R7);
        WriteArguments();
        Code.Load(DW, R8, R10, Spec);
        WriteTests();
        CaptureArguments(R9, R8, onlyUnread: null);
        SendEvent(R9);
        Code.If(R0, JNE, 0, Out);

        // From here on the end of the call is wanted.
        Code.Load(DW, R8, R10, ThreadValue);
        Code.Load(B, R1, R9, EventUnread);
        Code.Store(W, R8, ThreadUnread, R1);
        for (int i = 0; i < SystemCallArguments.Count; i++)
        {
            Code.Load(DW, R1, R9, EventArguments + (i * sizeof(ulong)));
            Code.Store(DW, R8, ThreadArguments + (i * sizeof(ulong)), R1);
        }

        Code.Load(H, R7, R9, EventCall);
        Code.Compute(OR, R7, InCall);
        Code.Store(W, R8, ThreadCall, R7);
        Code.Jump(Out);

        Code.Here(announced);
        WriteAnnouncement();
    }

    protected override void WriteFunctions()
    {
        base.WriteFunctions();
        WriteNumber();
        WriteRecords(withWords: true);
    }

    /// <summary>R6: context, R7: call, R9: scratch. Leaves the arguments in the event.</summary>
    private void WriteArguments()
    {
        BpfLabel compatible = new();
        BpfLabel done = new();
        Code.Copy(R1, R9);
        Code.Compute(ADD, R1, EventRecords);
        Code.Set(R2, pt_regs.Size);
        Code.Load(DW, R3, R6, 0);
        Code.Call(BPF_FUNC.probe_read_kernel);
        Code.If(R0, JNE, 0, Out);
        Code.If(R7, JGE, NativeCalls, compatible);
        for (int i = 0; i < NativeRegisters.Length; i++)
        {
            Code.Load(DW, R1, R9, EventRecords + NativeRegisters[i]);
            Code.Store(DW, R9, EventArguments + (i * sizeof(ulong)), R1);
        }

        Code.Jump(done);
        Code.Here(compatible);
        for (int i = 0; i < CompatibleRegisters.Length; i++)
        {
            Code.Load(W, R1, R9, EventRecords + CompatibleRegisters[i]);
            Code.Store(DW, R9, EventArguments + (i * sizeof(ulong)), R1);
        }

        Code.Store(W, R10, -8, R7);
        Find(Calls, -8);
        Code.If(R0, JEQ, 0, Out);
        Code.Store(DW, R10, Spec, R0);
        Code.If(R7, JEQ, NativeCalls + CallSpecs.SocketCall, WriteSocketCall(done));
        Code.Load(B, R1, R0, SpecProperties);
        Code.Compute(AND, R1, Indirect);
        Code.If(R1, JEQ, 0, done);
        Code.Load(DW, R8, R9, EventArguments);
        Unpack(SystemCallArguments.Count);
        Code.Here(done);
    }

    /// <summary>The code for socketcall(2), which is jumped over.</summary>
    private BpfLabel WriteSocketCall(BpfLabel done)
    {
        BpfLabel here = new();
        BpfLabel behind = new();
        BpfLabel found = new();
        Code.If(R7, JNE, NativeCalls + CallSpecs.SocketCall, behind);
        Code.Here(here);
        Code.Load(DW, R1, R9, EventArguments);
        foreach ((int number, int call) in SocketCalls)
        {
            Code.Set(R7, NativeCalls + call);
            Code.If(R1, JEQ, number, found);
        }

        Code.Jump(Out);
        Code.Here(found);
        Code.Store(H, R9, EventCall, R7);
        Code.Load(DW, R8, R9, EventArguments + sizeof(ulong));
        Unpack(SystemCallArguments.Count);
        Code.Store(W, R10, -8, R7);
        Find(Calls, -8);
        Code.If(R0, JEQ, 0, Out);
        Code.Store(DW, R10, Spec, R0);
        Code.Jump(done);
        Code.Here(behind);
        return here;
    }

    /// <summary>Replaces the arguments by the words that R8 points to. Where they cannot be read, the event goes as it is:
    /// its addresses then lead nowhere, which the reader says.</summary>
    private void Unpack(int count)
    {
        BpfLabel fail = new();
        for (int i = 0; i < count; i++)
        {
            ReadUser(-8, sizeof(uint), R8, i * sizeof(uint));
            Code.If(R0, JNE, 0, fail);
            Code.Load(W, R1, R10, -8);
            Code.Store(DW, R9, EventArguments + (i * sizeof(ulong)), R1);
        }

        Code.Here(fail);
    }

    /// <summary>R8: what is known of the call, R9: scratch. Leaves where a test says so.</summary>
    private void WriteTests()
    {
        BpfLabel passed = new();
        Code.Load(B, R7, R8, SpecTest);
        Code.If(R7, JEQ, 0, passed);
        for (int i = 0; i < specs.Tests.Count; i++)
        {
            BpfLabel next = new();
            Code.If(R7, JNE, i + 1, next);
            foreach (TraceTest test in specs.Tests[i])
            {
                BpfLabel good = new();
                Code.Load(DW, R1, R9, EventArguments + (test.Argument * sizeof(ulong)));
                Code.SetLong(R2, test.Mask);
                Code.Compute(AND, R1, R2);
                if (test.Values.Count == 0)
                {
                    Code.If(R1, JEQ, 0, Out);
                    continue;
                }

                foreach (uint value in test.Values)
                {
                    Code.SetLong(R2, value);
                    Code.If(R1, JEQ, R2, good);
                }

                Code.Jump(Out);
                Code.Here(good);
            }

            Code.Jump(passed);
            Code.Here(next);
        }

        Code.Jump(Out);
        Code.Here(passed);
    }

    /// <summary>A command says that it is ours, by the word of this run: from here on it is followed. The same moment
    /// teaches how deep in pid namespaces we are and what our root directory is, which are the command's.</summary>
    private void WriteAnnouncement()
    {
        FindScratch(R9, Out);
        Head(R9, Start, EventRecords);
        Code.Copy(R1, R9);
        Code.Compute(ADD, R1, EventRecords);
        Code.Set(R2, pt_regs.Size);
        Code.Load(DW, R3, R6, 0);
        Code.Call(BPF_FUNC.probe_read_kernel);
        Code.If(R0, JNE, 0, Out);
        Code.Load(DW, R1, R9, EventRecords + pt_regs.rdi);
        Code.SetLong(R2, word);
        Code.If(R1, JNE, R2, Out);

        Code.Call(BPF_FUNC.get_current_task);
        Code.Copy(R7, R0);
        Code.Store(W, R10, -8, 0);
        Find(State, -8);
        Code.If(R0, JEQ, 0, Out);
        Code.Copy(R8, R0);
        Follow(R6, R7, "task_struct.thread_pid");
        FollowNumber(R1, R6, "pid.level");
        Code.Store(W, R8, StateLevel, R1);
        Follow(R6, R7, "task_struct.fs");
        ReadKernel(-8, sizeof(ulong), R6, Kernel["fs_struct.root"] + Kernel["path.mnt"]);
        Code.Load(DW, R1, R10, -8);
        Code.Store(DW, R8, StateRootMount, R1);
        ReadKernel(-8, sizeof(ulong), R6, Kernel["fs_struct.root"] + Kernel["path.dentry"]);
        Code.Load(DW, R1, R10, -8);
        Code.Store(DW, R8, StateRootEntry, R1);
        if (ofCgroup)
        {
            // Only the group is followed; this was us.
            Code.Jump(Out);
            return;
        }

        Code.Copy(R1, R7);
        Code.Call(Number);
        Code.Store(DW, R9, EventValue, R0);
        AddThread(Thread, R0);
        SendEvent(R9);
    }

    /// <summary>A thread that is not followed makes a call: where it is in the group, it is from now on.</summary>
    private void WriteFound(BpfLabel known)
    {
        Code.SetMap(R1, Cgroup);
        Code.Set(R2, 0);
        Code.Call(BPF_FUNC.current_task_under_cgroup);
        Code.If(R0, JNE, 1, Out);
        Code.Store(DW, R10, Spec, R9);
        FindScratch(R9, Out);
        Head(R9, Found, EventRecords);
        Code.Call(BPF_FUNC.get_current_task);
        Code.Store(DW, R10, Task, R0);
        Code.Copy(R1, R0);
        Code.Call(Number);
        Code.Store(DW, R9, EventValue, R0);
        Code.Load(DW, R3, R10, Task);
        Follow(R1, R3, "task_struct.group_leader");
        Code.Call(Number);
        Code.Store(DW, R9, EventArguments, R0);
        AddThread(Thread, R0);
        Code.Set(R2, AT_FDCWD);
        CaptureDescriptor(R2, ResultArgument);
        SendEvent(R9);
        Code.Load(DW, R9, R10, Spec);
        Find(Threads, Thread);
        Code.If(R0, JNE, 0, known);
        Code.Jump(Out);
    }
}
