using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Arguments that are lists: messages, and the words of a command.</summary>
internal abstract partial class CaptureCode
{
    /// <summary>R6: scratch; R7: where; R8: how many; R9: tag.</summary>
    private void WriteMessages(BpfLabel messages)
    {
        BpfLabel next = new();
        BpfLabel end = new();
        Code.Here(messages);
        Code.Compute(LSH, R8, 32);
        Code.Compute(RSH, R8, 32);
        Code.Store(DW, R10, -8, 0);
        Code.Here(next);
        Code.Load(DW, R1, R10, -8);
        Code.Set(R0, 0);
        Code.If(R1, JGE, R8, end);
        Code.If(R1, JGE, CaptureLayout.MaxMessages, end);
        Code.Compute(ADD, R1, 1);
        Code.Store(DW, R10, -8, R1);
        Code.Copy(R1, R7);
        Code.Copy(R2, R9);
        Code.Call(_message);
        Code.If(R0, JNE, 0, end);

        // struct mmsghdr: 64 bytes, 32 for 32-bit programs.
        Code.Compute(ADD, R7, 32);
        Code.Load(H, R1, R6, EventCall);
        Code.If(R1, JGE, NativeCalls, next);
        Code.Compute(ADD, R7, 32);
        Code.Jump(next);
        Code.Here(end);
        Code.Exit();
    }

    /// <summary>R7: a list of pointers to texts that ends with a null.</summary>
    private void WriteWords(BpfLabel words)
    {
        BpfLabel next = new();
        BpfLabel end = new();
        Code.Here(words);
        Code.Set(R8, 0);
        Code.Here(next);
        Code.If(R8, JGE, MaxWords, end);
        Code.Copy(R1, R7);
        Code.Copy(R2, R8);
        Code.Call(_word);
        Code.Compute(ADD, R8, 1);
        Code.If(R0, JEQ, 0, next);
        Code.Here(end);
        Code.Set(R0, 0);
        Code.Exit();
    }

    /// <summary>R1: the list; R2: which of its words. R0 is 0 where another one may follow. What is unread is marked in the
    /// event.</summary>
    private void WriteWord()
    {
        BpfLabel step = new();
        BpfLabel read = new();
        BpfLabel compatible = new();
        BpfLabel last = new();
        BpfLabel ends = new();
        BpfLabel end = new();
        Code.Here(_word);
        Code.Copy(R7, R1);
        Code.Copy(R8, R2);
        FindScratch(R6, end);
        Code.Store(DW, R10, -8, 0);
        Code.Copy(R9, R8);
        Code.Load(H, R1, R6, EventCall);
        Code.If(R1, JGE, NativeCalls, compatible);
        Code.Compute(LSH, R9, 3);
        Code.Compute(ADD, R9, R7);
        ReadUser(-8, sizeof(ulong), R9, 0);
        Code.Jump(read);
        Code.Here(compatible);
        Code.Compute(LSH, R9, 2);
        Code.Compute(ADD, R9, R7);
        ReadUser(-8, sizeof(uint), R9, 0);
        Code.Here(read);
        Code.Compute(LSH, R8, 16);
        Code.Compute(OR, R8, Word);
        Code.If(R0, JNE, 0, last);
        Code.Load(DW, R1, R10, -8);
        Code.If(R1, JEQ, 0, last);
        Code.Copy(R2, R8);
        Code.Call(_text);
        Code.If(R0, JEQ, 2, end);
        Code.If(R0, JNE, 1, step);
        MarkUnreadWords();
        Code.Here(step);
        Code.Set(R0, 0);
        Code.Exit();

        // The null, or a pointer that could not be read.
        Code.Here(last);
        Code.If(R0, JEQ, 0, ends);
        Code.Compute(OR, R8, Unread);
        MarkUnreadWords();
        Code.Here(ends);
        Code.Load(W, R1, R6, EventSize);
        Code.If(R1, JGT, Limit, end);
        Code.Copy(R2, R6);
        Code.Compute(ADD, R2, R1);
        Code.Store(W, R2, RecordTag, R8);
        Code.Store(W, R2, RecordLength, 0);
        Code.Store(DW, R2, RecordAddress, 0);
        Code.Compute(ADD, R1, RecordData);
        Code.Store(W, R6, EventSize, R1);
        Code.Here(end);
        Code.Set(R0, 1);
        Code.Exit();
    }

    private void MarkUnreadWords()
    {
        Code.Load(B, R1, R6, EventUnread);
        Code.Compute(OR, R1, 1 << GenericArguments);
        Code.Store(B, R6, EventUnread, R1);
    }
}
