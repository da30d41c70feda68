using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary>An instruction of eBPF, Documentation/bpf/standardization/instruction-set.rst.</summary>
[CStruct("struct bpf_insn", "linux/bpf.h")]
[StructLayout(LayoutKind.Sequential)]
public struct bpf_insn
{
    public byte code;

    /// <summary><c>dst_reg</c> in the low half, <c>src_reg</c> in the high one: bit fields, which have no offset.</summary>
    private readonly byte _registers;

    public short off;
    public int imm;

    public bpf_insn(int code, int to, int from, int offset, int value)
    {
        this.code = (byte)code;
        _registers = (byte)((from << 4) | to);
        off = checked((short)offset);
        imm = value;
    }

    public readonly int dst_reg => _registers & 0xf;

    public readonly int src_reg => _registers >> 4;
}
