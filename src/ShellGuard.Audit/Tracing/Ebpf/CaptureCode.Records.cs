using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;
using static ShellGuard.Linux.Abi.BPF_ALU;
using static ShellGuard.Linux.Abi.BPF_SIZE;
using static ShellGuard.Linux.Abi.BPF_TEST;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Functions that add a record with what an argument points to. They return 1 in R0 for what could not be read:
/// the page is not there, and a program at a tracepoint cannot wait for it. The kernel brings it when it reads the argument
/// itself, so it is read again when the call is over. Those that are called in many places or in a loop take numbers only:
/// the verifier reads them once.</summary>
internal abstract partial class CaptureCode
{
    private readonly BpfLabel _text = new() { Parameters = 2 };
    private readonly BpfLabel _memory = new() { Parameters = 3 };
    private readonly BpfLabel _message = new() { Parameters = 2 };
    private readonly BpfLabel _word = new() { Parameters = 2 };
    private readonly BpfLabel _generic = new();
    private readonly BpfLabel _special = new();

    /// <summary>Everything that the two programs at calls use.</summary>
    /// <param name="withWords">Whether lists of texts are captured.</param>
    protected void WriteRecords(bool withWords)
    {
        if (withWords)
        {
            WriteWord();
        }

        WriteText();
        WriteMemory();
        WriteMessage();
        WriteGeneric();
        WriteSpecial(withWords);
        WriteDescriptor();
    }

    /// <summary>Captures the arguments that the entry in <paramref name="spec"/> says.</summary>
    /// <param name="onlyUnread">Only those that are marked in this register, and nothing is marked; null for all.</param>
    protected void CaptureArguments(BpfRegister scratch, BpfRegister spec, BpfRegister? onlyUnread)
    {
        for (int i = 0; i < PendingCount; i++)
        {
            Code.Store(DW, scratch, Pending + (i * PendingSize) + PendingTag, 0);
        }

        for (int i = 0; i < GenericArguments; i++)
        {
            BpfLabel next = new();
            if (onlyUnread is { } mask)
            {
                BpfLabel wanted = new();
                Code.If(mask, JSET, 1 << i, wanted);
                Code.Jump(next);
                Code.Here(wanted);
            }

            Code.Load(B, R2, spec, i);
            Code.If(R2, JEQ, 0, next);
            Code.Copy(R1, scratch);
            Code.Set(R3, i);
            Code.Load(DW, R4, scratch, EventArguments + (i * sizeof(ulong)));
            Code.Load(DW, R5, scratch, EventArguments + ((i + 1) * sizeof(ulong)));
            Code.Call(_generic);
            if (onlyUnread is null)
            {
                MarkUnread(scratch, 1 << i, next);
            }

            Code.Here(next);
        }

        BpfLabel end = new();
        if (onlyUnread is { } marks)
        {
            BpfLabel wanted = new();
            Code.If(marks, JSET, 1 << GenericArguments, wanted);
            Code.Jump(end);
            Code.Here(wanted);
        }

        Code.Load(B, R2, spec, SpecSpecial);
        Code.If(R2, JEQ, 0, end);
        Code.Load(B, R3, spec, SpecSpecialIndex);
        Code.Compute(AND, R3, 7);
        Code.Copy(R1, scratch);
        Code.Compute(LSH, R3, 3);
        Code.Compute(ADD, R1, R3);
        Code.Load(DW, R4, R1, EventArguments);
        Code.Load(DW, R5, R1, EventArguments + sizeof(ulong));
        Code.Compute(LSH, R3, 13);
        Code.Copy(R1, scratch);
        Code.Call(_special);
        if (onlyUnread is null)
        {
            MarkUnread(scratch, 1 << GenericArguments, end);
        }

        Code.Here(end);
        for (int i = 0; onlyUnread is null && i < PendingCount; i++)
        {
            BpfLabel none = new();
            Code.Load(DW, R2, scratch, Pending + (i * PendingSize) + PendingTag);
            Code.If(R2, JEQ, 0, none);
            Code.Load(DW, R1, scratch, Pending + (i * PendingSize));
            Code.Call(_descriptor);
            Code.Here(none);
        }
    }

    private void MarkUnread(BpfRegister scratch, int bit, BpfLabel next)
    {
        Code.If(R0, JNE, 1, next);
        Code.Load(B, R1, scratch, EventUnread);
        Code.Compute(OR, R1, bit);
        Code.Store(B, scratch, EventUnread, R1);
    }

    /// <summary>R1: address; R2: tag. R0: 0 for a path from the root, 3 for another text, 1 for unread, 2 for no room.
    /// </summary>
    private void WriteText()
    {
        BpfLabel full = new();
        BpfLabel unread = new();
        BpfLabel relative = new();
        Code.Here(_text);
        Code.Copy(R7, R1);
        Code.Copy(R8, R2);
        FindScratch(R6, full);
        Code.Load(W, R9, R6, EventSize);
        Code.If(R9, JGT, Limit, full);
        Code.Copy(R1, R6);
        Code.Compute(ADD, R1, R9);
        Code.Compute(ADD, R1, RecordData);
        Code.Set(R2, PathMax);
        Code.Copy(R3, R7);
        Code.Call(BPF_FUNC.probe_read_user_str);
        Code.Copy(R2, R6);
        Code.Compute(ADD, R2, R9);
        Code.Store(DW, R2, RecordAddress, R7);
        Code.If(R0, JSLT, 1, unread);
        Code.Store(W, R2, RecordTag, R8);
        Code.Store(W, R2, RecordLength, R0);
        Code.Load(B, R3, R2, RecordData);
        Code.Compute(ADD, R9, R0);
        Code.Compute(ADD, R9, RecordData + 7);
        Code.Compute(AND, R9, -8);
        Code.Store(W, R6, EventSize, R9);
        Code.If(R3, JNE, '/', relative);
        Code.Set(R0, 0);
        Code.Exit();
        Code.Here(relative);
        Code.Set(R0, 3);
        Code.Exit();
        WriteUnread(unread, R2, R8, R9);
        Code.Here(full);
        Code.Set(R0, 2);
        Code.Exit();
    }

    /// <summary>A record without bytes.</summary>
    private void WriteUnread(BpfLabel unread, BpfRegister record, BpfRegister tag, BpfRegister size)
    {
        Code.Here(unread);
        Code.Compute(OR, tag, Unread);
        Code.Store(W, record, RecordTag, tag);
        Code.Store(W, record, RecordLength, 0);
        Code.Compute(ADD, size, RecordData);
        Code.Store(W, R6, EventSize, size);
        Code.Set(R0, 1);
        Code.Exit();
    }

    /// <summary>R1: address; R2: tag; R3: length, of which at most so many bytes as a socket address has are read.</summary>
    private void WriteMemory()
    {
        BpfLabel full = new();
        BpfLabel unread = new();
        BpfLabel fits = new();
        Code.Here(_memory);
        Code.Copy(R7, R1);
        Code.Copy(R8, R2);
        Code.Copy(R9, R3);
        FindScratch(R6, full);
        Code.If(R9, JLE, MaxSocketAddress, fits);
        Code.Set(R9, MaxSocketAddress);
        Code.Here(fits);
        Code.Load(W, R2, R6, EventSize);
        Code.If(R2, JGT, Limit, full);
        Code.Copy(R1, R6);
        Code.Compute(ADD, R1, R2);
        Code.Compute(ADD, R1, RecordData);
        Code.Copy(R2, R9);
        Code.Copy(R3, R7);
        Code.Call(BPF_FUNC.probe_read_user);
        Code.Load(W, R2, R6, EventSize);
        Code.If(R2, JGT, Limit, full);
        Code.Copy(R3, R6);
        Code.Compute(ADD, R3, R2);
        Code.Store(DW, R3, RecordAddress, R7);
        Code.If(R0, JNE, 0, unread);
        Code.Store(W, R3, RecordTag, R8);
        Code.Store(W, R3, RecordLength, R9);
        Code.Compute(ADD, R2, R9);
        Code.Compute(ADD, R2, RecordData + 7);
        Code.Compute(AND, R2, -8);
        Code.Store(W, R6, EventSize, R2);
        Code.Set(R0, 0);
        Code.Exit();
        WriteUnread(unread, R3, R8, R2);
        Code.Here(full);
        Code.Set(R0, 2);
        Code.Exit();
    }

    /// <summary>R1: address of a <c>struct msghdr</c>; R2: tag. Its head, and the address that it leads to.</summary>
    private void WriteMessage()
    {
        BpfLabel compatible = new();
        BpfLabel read = new();
        BpfLabel fail = new();
        BpfLabel done = new();
        Code.Here(_message);
        Code.Copy(R7, R1);
        Code.Copy(R8, R2);
        FindScratch(R6, fail);
        Code.Load(H, R1, R6, EventCall);
        Code.If(R1, JGE, NativeCalls, compatible);
        Code.Copy(R1, R7);
        Code.Copy(R2, R8);
        Code.Set(R3, sizeof(ulong) + sizeof(uint));
        Code.Call(_memory);
        Code.If(R0, JNE, 0, done);
        ReadUser(-16, sizeof(ulong) + sizeof(uint), R7, 0);
        Code.If(R0, JNE, 0, fail);
        Code.Load(DW, R1, R10, -16);
        Code.Load(W, R3, R10, -8);
        Code.Jump(read);
        Code.Here(compatible);
        Code.Copy(R1, R7);
        Code.Copy(R2, R8);
        Code.Set(R3, 2 * sizeof(uint));
        Code.Call(_memory);
        Code.If(R0, JNE, 0, done);
        ReadUser(-16, 2 * sizeof(uint), R7, 0);
        Code.If(R0, JNE, 0, fail);
        Code.Load(W, R1, R10, -16);
        Code.Load(W, R3, R10, -12);
        Code.Here(read);
        Code.Set(R0, 0);
        Code.If(R1, JEQ, 0, done);
        Code.Copy(R2, R8);
        Code.Call(_memory);
        Code.Here(done);
        Code.Exit();
        Code.Here(fail);
        Code.Set(R0, 1);
        Code.Exit();
    }

    /// <summary>R1: scratch; R2: way; R3: which argument; R4: its value; R5: the next one's. Descriptors are only noted: they
    /// stand behind the other records.</summary>
    private void WriteGeneric()
    {
        BpfLabel nothing = new();
        BpfLabel note = new();
        BpfLabel second = new();
        BpfLabel both = new();
        BpfLabel done = new();
        Code.Here(_generic);
        Code.Copy(R6, R1);
        Code.Copy(R7, R3);
        Code.Compute(LSH, R7, 16);
        Code.Copy(R8, R4);
        Code.Set(R9, 0);
        Code.If(R2, JEQ, DirectoryAndPath, both);
        Code.If(R2, JEQ, CaptureLayout.File, note);
        Code.If(R4, JEQ, 0, nothing);
        Code.Copy(R1, R4);
        Code.Copy(R2, R7);
        Code.Compute(OR, R2, CaptureLayout.Memory);
        Code.Call(_text);
        Code.Exit();

        Code.Here(both);
        Code.If(R5, JEQ, 0, note);
        Code.Copy(R1, R5);
        Code.Copy(R2, R7);
        Code.Compute(ADD, R2, (1 << 16) | CaptureLayout.Memory);
        Code.Call(_text);
        Code.If(R0, JEQ, 0, done);
        Code.Copy(R9, R0);

        Code.Here(note);
        Code.Compute(OR, R7, Descriptor);
        Code.Load(DW, R1, R6, Pending + PendingTag);
        Code.If(R1, JNE, 0, second);
        Code.Store(DW, R6, Pending, R8);
        Code.Store(DW, R6, Pending + PendingTag, R7);
        Code.Copy(R0, R9);
        Code.Exit();
        Code.Here(second);
        Code.Store(DW, R6, Pending + PendingSize, R8);
        Code.Store(DW, R6, Pending + PendingSize + PendingTag, R7);
        Code.Here(nothing);
        Code.Copy(R0, R9);
        Code.Here(done);
        Code.Exit();
    }

    /// <summary>R1: scratch; R2: way; R3: tag; R4: the argument; R5: the next one.</summary>
    private void WriteSpecial(bool withWords)
    {
        BpfLabel nothing = new();
        BpfLabel words = new();
        BpfLabel address = new();
        BpfLabel message = new();
        BpfLabel messages = new();
        Code.Here(_special);
        Code.If(R4, JEQ, 0, nothing);
        Code.Compute(OR, R3, CaptureLayout.Memory);
        Code.Copy(R6, R1);
        Code.Copy(R7, R4);
        Code.Copy(R8, R5);
        Code.Copy(R9, R3);
        Code.If(R2, JEQ, Words, withWords ? words : nothing);
        Code.If(R2, JEQ, SocketAddress, address);
        Code.If(R2, JEQ, CaptureLayout.Message, message);
        Code.If(R2, JEQ, Messages, messages);
        Code.Copy(R1, R7);
        Code.Copy(R2, R9);
        Code.Set(R3, 24);
        Code.Call(_memory);
        Code.Exit();

        Code.Here(address);
        Code.Copy(R1, R7);
        Code.Copy(R2, R9);
        Code.Copy(R3, R8);
        Code.Compute(LSH, R3, 32);
        Code.Compute(ARSH, R3, 32);
        Code.If(R3, JSLT, 1, nothing);
        Code.Call(_memory);
        Code.Exit();

        Code.Here(message);
        Code.Copy(R1, R7);
        Code.Copy(R2, R9);
        Code.Call(_message);
        Code.Exit();

        WriteMessages(messages);
        if (withWords)
        {
            WriteWords(words);
        }

        Code.Here(nothing);
        Code.Set(R0, 0);
        Code.Exit();
    }

    /// <summary>Reads the program's memory to the stack. R1 to R5 are lost; R0 is 0 where it could be read.</summary>
    protected void ReadUser(int slot, int size, BpfRegister from, int offset)
    {
        Code.Copy(R3, from);
        Code.Compute(ADD, R3, offset);
        Code.Copy(R1, R10);
        Code.Compute(ADD, R1, slot);
        Code.Set(R2, size);
        Code.Call(BPF_FUNC.probe_read_user);
    }
}
