using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Bpf;

/// <summary>Puts a program of eBPF together, instruction by instruction. Pure: what the kernel says to it is another
/// matter.</summary>
public sealed class BpfAssembler
{
    private readonly List<bpf_insn> _instructions = [];
    private readonly List<(int Position, int Map)> _maps = [];
    private readonly List<(int Position, BpfLabel Label)> _jumps = [];
    private readonly HashSet<BpfLabel> _functions = [];

    /// <summary>Says where a label is.</summary>
    /// <exception cref="InvalidOperationException">It is somewhere already.</exception>
    public void Here(BpfLabel label)
    {
        ArgumentNullException.ThrowIfNull(label);
        label.Position = label.Position < 0
            ? _instructions.Count
            : throw new InvalidOperationException("a label stands at one place");
    }

    public void Set(BpfRegister to, int value) => Compute(BPF_ALU.MOV, to, value);

    public void Copy(BpfRegister to, BpfRegister from) => Compute(BPF_ALU.MOV, to, from);

    /// <summary>A constant of 64 bits, in two instructions.</summary>
    public void SetLong(BpfRegister to, ulong value)
    {
        Add(EBPF.LD | EBPF.IMM | (int)BPF_SIZE.DW, (int)to, 0, 0, (int)(uint)value);
        Add(0, 0, 0, 0, (int)(value >> 32));
    }

    /// <summary>A map by its number; the loader puts its descriptor there.</summary>
    public void SetMap(BpfRegister to, int map)
    {
        _maps.Add((_instructions.Count, map));
        Add(EBPF.LD | EBPF.IMM | (int)BPF_SIZE.DW, (int)to, EBPF.PSEUDO_MAP_FD, 0, map);
        Add(0, 0, 0, 0, 0);
    }

    public void Compute(BPF_ALU operation, BpfRegister to, int value) =>
        Add(EBPF.ALU64 | EBPF.K | (int)operation, (int)to, 0, 0, value);

    public void Compute(BPF_ALU operation, BpfRegister to, BpfRegister from) =>
        Add(EBPF.ALU64 | EBPF.X | (int)operation, (int)to, (int)from, 0, 0);

    /// <summary>Reads memory; what is shorter than a register is filled with zeros.</summary>
    public void Load(BPF_SIZE size, BpfRegister to, BpfRegister from, int offset) =>
        Add(EBPF.LDX | EBPF.MEM | (int)size, (int)to, (int)from, offset, 0);

    public void Store(BPF_SIZE size, BpfRegister to, int offset, BpfRegister from) =>
        Add(EBPF.STX | EBPF.MEM | (int)size, (int)to, (int)from, offset, 0);

    public void Store(BPF_SIZE size, BpfRegister to, int offset, int value) =>
        Add(EBPF.ST | EBPF.MEM | (int)size, (int)to, 0, offset, value);

    /// <summary>Adds to a number in memory that other processors change as well.</summary>
    public void AtomicAdd(BpfRegister to, int offset, BpfRegister value) =>
        Add(EBPF.STX | EBPF.ATOMIC | (int)BPF_SIZE.DW, (int)to, (int)value, offset, (int)BPF_ALU.ADD);

    public void Jump(BpfLabel label)
    {
        _jumps.Add((_instructions.Count, label));
        Add(EBPF.JMP | EBPF.JA, 0, 0, 0, 0);
    }

    public void If(BpfRegister left, BPF_TEST test, int right, BpfLabel label)
    {
        _jumps.Add((_instructions.Count, label));
        Add(EBPF.JMP | EBPF.K | (int)test, (int)left, 0, 0, right);
    }

    public void If(BpfRegister left, BPF_TEST test, BpfRegister right, BpfLabel label)
    {
        _jumps.Add((_instructions.Count, label));
        Add(EBPF.JMP | EBPF.X | (int)test, (int)left, (int)right, 0, 0);
    }

    /// <summary>Calls a function of the kernel.</summary>
    public void Call(BPF_FUNC function) => Add(EBPF.JMP | EBPF.CALL, 0, 0, 0, (int)function);

    /// <summary>Calls a function of the program, which has R1 to R5, R6 to R9 of its own, and a stack of its own.</summary>
    public void Call(BpfLabel function)
    {
        _functions.Add(function);
        _jumps.Add((_instructions.Count, function));
        Add(EBPF.JMP | EBPF.CALL, 0, EBPF.PSEUDO_CALL, 0, 0);
    }

    /// <summary>Ends a function; R0 is what it returns.</summary>
    public void Exit() => Add(EBPF.JMP | EBPF.EXIT, 0, 0, 0, 0);

    /// <exception cref="InvalidOperationException">A jump leads nowhere, or too far.</exception>
    public BpfProgram Finish()
    {
        bpf_insn[] code = [.. _instructions];
        foreach ((int position, BpfLabel label) in _jumps)
        {
            if (label.Position < 0)
            {
                throw new InvalidOperationException($"the jump at {position} leads nowhere");
            }

            int distance = label.Position - position - 1;
            if (code[position].src_reg == EBPF.PSEUDO_CALL && code[position].code == (EBPF.JMP | EBPF.CALL))
            {
                code[position].imm = distance;
            }
            else
            {
                code[position].off = distance is >= short.MinValue and <= short.MaxValue
                    ? (short)distance
                    : throw new InvalidOperationException($"the jump at {position} is too far");
            }
        }

        return new BpfProgram(code, _maps, [.. _functions.OrderBy(each => each.Position).Select(each => (each.Position, each.Parameters))]);
    }

    private void Add(int code, int to, int from, int offset, int value) =>
        _instructions.Add(new bpf_insn(code, to, from, offset, value));
}
