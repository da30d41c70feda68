using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>What the programs have in common: reading the kernel's memory, and beginning and sending an event. The event
/// is put together in a scratch map of the program's own; how long it is stands in its first word. That is memory, and no
/// register, so that the verifier takes it for any number and does not follow every sum: each use checks it again.</summary>
internal abstract partial class CaptureCode(KernelLayout kernel, int ring)
{
    protected BpfAssembler Code { get; } = new();

    protected KernelLayout Kernel { get; } = kernel;

    protected BpfLabel Out { get; } = new();

    /// <summary>The program.</summary>
    public BpfProgram Assemble()
    {
        Write();
        Code.Here(Out);
        Code.Set(R0, 0);
        Code.Exit();
        WriteFunctions();
        return Code.Finish();
    }

    /// <summary>Writes the main function; it ends by falling or jumping to <see cref="Out"/>.</summary>
    protected abstract void Write();

    /// <summary>Writes the functions that it calls. The kernel refuses one that nobody calls.</summary>
    protected virtual void WriteFunctions() => WriteSend();

    /// <summary>Reads kernel memory to the stack. R1 to R5 are lost.</summary>
    /// <param name="slot">Where on the stack, negative.</param>
    /// <param name="from">Any register but R1 and R2.</param>
    protected void ReadKernel(int slot, int size, BpfRegister from, int offset)
    {
        Code.Copy(R3, from);
        Code.Compute(ADD, R3, offset);
        Code.Copy(R1, R10);
        Code.Compute(ADD, R1, slot);
        Code.Set(R2, size);
        Code.Call(BPF_FUNC.probe_read_kernel);
    }

    /// <summary>Reads a pointer of the kernel's into a register; 0 where it cannot be read.</summary>
    protected void Follow(BpfRegister to, BpfRegister from, string path, int slot = -8)
    {
        Code.Store(DW, R10, slot, 0);
        ReadKernel(slot, sizeof(ulong), from, Kernel[path]);
        Code.Load(DW, to, R10, slot);
    }

    /// <summary>Reads a 32-bit number of the kernel's into a register.</summary>
    protected void FollowNumber(BpfRegister to, BpfRegister from, string path, int slot = -8)
    {
        Code.Store(DW, R10, slot, 0);
        ReadKernel(slot, sizeof(uint), from, Kernel[path]);
        Code.Load(W, to, R10, slot);
    }

    /// <summary>R0 is the value of a map for the key on the stack, or 0.</summary>
    protected void Find(int map, int slot)
    {
        Code.SetMap(R1, map);
        Code.Copy(R2, R10);
        Code.Compute(ADD, R2, slot);
        Code.Call(BPF_FUNC.map_lookup_elem);
    }

    /// <summary>Puts an address into the scratch map into a register. R0 to R5 are lost.</summary>
    /// <param name="none">Where there is none, which cannot be.</param>
    protected void FindScratch(BpfRegister to, BpfLabel none)
    {
        Code.Store(W, R10, -8, 0);
        Find(Scratch, -8);
        Code.If(R0, JEQ, 0, none);
        Code.Copy(to, R0);
    }

    /// <summary>Fills in the beginning of an event. R0 to R5 are lost.</summary>
    protected void Head(BpfRegister scratch, int kind, int size)
    {
        Code.Store(W, scratch, EventSize, size);
        Code.Store(B, scratch, EventKind, kind);
        Code.Store(B, scratch, EventUnread, 0);
        Code.Store(H, scratch, EventCall, 0);
        Code.Call(BPF_FUNC.get_current_pid_tgid);
        Code.Store(W, scratch, EventThread, R0);
        Code.Compute(RSH, R0, 32);
        Code.Store(W, scratch, EventProcess, R0);
        Code.Call(BPF_FUNC.ktime_get_ns);
        Code.Store(DW, scratch, EventTime, R0);
        Code.Store(DW, scratch, EventValue, 0);
    }

    protected BpfLabel Send { get; } = new();

    /// <summary>Sends what is in a scratch map. R0 is 0, or 1 for an event that was lost.</summary>
    protected void SendEvent(BpfRegister scratch)
    {
        Code.Copy(R1, scratch);
        Code.Call(Send);
    }

    /// <summary>Counts something. R0 to R5 are lost.</summary>
    protected void Count(int what)
    {
        BpfLabel none = new();
        Code.Store(W, R10, -8, what);
        Find(Counts, -8);
        Code.If(R0, JEQ, 0, none);
        Code.Set(R1, 1);
        Code.AtomicAdd(R0, 0, R1);
        Code.Here(none);
    }

    /// <summary>R1: a task of the kernel's. R0: its number in our pid namespace, 0 where it has none.</summary>
    protected BpfLabel Number { get; } = new();

    protected void WriteNumber()
    {
        BpfLabel none = new();
        Code.Here(Number);
        Code.Copy(R6, R1);
        Code.Store(W, R10, -8, 0);
        Find(State, -8);
        Code.If(R0, JEQ, 0, none);
        Code.Load(W, R7, R0, StateLevel);
        Follow(R8, R6, "task_struct.thread_pid");
        Code.If(R8, JEQ, 0, none);
        FollowNumber(R1, R8, "pid.level");
        Code.If(R7, JGT, R1, none);

        // struct upid: a number and a pointer.
        Code.Compute(LSH, R7, 4);
        Code.Compute(ADD, R8, R7);
        FollowNumber(R0, R8, "pid.numbers");
        Code.Exit();
        Code.Here(none);
        Code.Set(R0, 0);
        Code.Exit();
    }

    /// <summary>Follows a thread from now on, or counts it as lost and leaves. R0 to R5 are lost.</summary>
    /// <param name="key">Where on the stack its number of the kernel's is.</param>
    /// <param name="process">Its process in our numbers.</param>
    protected void AddThread(int key, BpfRegister process)
    {
        const int value = -128;
        BpfLabel good = new();
        for (int at = 0; at < ThreadSize; at += sizeof(ulong))
        {
            Code.Store(DW, R10, value + at, 0);
        }

        Code.Store(W, R10, value + ThreadProcess, process);
        Code.SetMap(R1, Threads);
        Code.Copy(R2, R10);
        Code.Compute(ADD, R2, key);
        Code.Copy(R3, R10);
        Code.Compute(ADD, R3, value);
        Code.Set(R4, 0);
        Code.Call(BPF_FUNC.map_update_elem);
        Code.If(R0, JEQ, 0, good);
        Count(LostThreads);
        Code.Jump(Out);
        Code.Here(good);
    }

    /// <summary>The reader is woken when a quarter of the ring is full; otherwise it looks by itself now and then. Waking
    /// it for each event would take more time than the event.</summary>
    private void WriteSend()
    {
        BpfLabel quiet = new();
        BpfLabel lost = new();
        Code.Here(Send);
        Code.Copy(R6, R1);
        Code.SetMap(R1, Events);
        Code.Set(R2, BPF_RB.AVAIL_DATA);
        Code.Call(BPF_FUNC.ringbuf_query);
        Code.Set(R4, BPF_RB.NO_WAKEUP);
        Code.If(R0, JLT, ring / 4, quiet);
        Code.Set(R4, BPF_RB.FORCE_WAKEUP);
        Code.Here(quiet);
        Code.SetMap(R1, Events);
        Code.Copy(R2, R6);
        Code.Load(W, R3, R6, EventSize);
        Code.If(R3, JGT, EventRoom, lost);
        Code.Call(BPF_FUNC.ringbuf_output);
        Code.If(R0, JNE, 0, lost);
        Code.Set(R0, 0);
        Code.Exit();
        Code.Here(lost);
        Count(LostEvents);
        Code.Set(R0, 1);
        Code.Exit();
    }
}
