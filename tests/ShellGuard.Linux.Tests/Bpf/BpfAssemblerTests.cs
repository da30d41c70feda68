using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using Xunit;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Linux.Tests.Bpf;

/// <summary>Instructions as RFC 9669 writes them, by hand: code, registers, offset, constant.</summary>
public sealed class BpfAssemblerTests
{
    public static TheoryData<string, Action<BpfAssembler>> Vectors => new()
    {
        { "b7 00 00 00 2a 00 00 00", code => code.Set(R0, 42) },
        { "b7 03 00 00 ff ff ff ff", code => code.Set(R3, -1) },
        { "bf a1 00 00 00 00 00 00", code => code.Copy(R1, R10) },
        { "07 01 00 00 f8 ff ff ff", code => code.Compute(BPF_ALU.ADD, R1, -8) },
        { "0f 21 00 00 00 00 00 00", code => code.Compute(BPF_ALU.ADD, R1, R2) },
        { "1f 43 00 00 00 00 00 00", code => code.Compute(BPF_ALU.SUB, R3, R4) },
        { "57 05 00 00 ff 0f 00 00", code => code.Compute(BPF_ALU.AND, R5, 0xfff) },
        { "47 05 00 00 01 00 00 00", code => code.Compute(BPF_ALU.OR, R5, 1) },
        { "67 00 00 00 20 00 00 00", code => code.Compute(BPF_ALU.LSH, R0, 32) },
        { "77 00 00 00 20 00 00 00", code => code.Compute(BPF_ALU.RSH, R0, 32) },
        { "c7 00 00 00 20 00 00 00", code => code.Compute(BPF_ALU.ARSH, R0, 32) },
        { "18 06 00 00 ef be ad de 00 00 00 00 78 56 34 12", code => code.SetLong(R6, 0x12345678_deadbeef) },
        { "18 11 00 00 03 00 00 00 00 00 00 00 00 00 00 00", code => code.SetMap(R1, 3) },
        { "79 67 08 00 00 00 00 00", code => code.Load(BPF_SIZE.DW, R7, R6, 8) },
        { "61 67 f8 ff 00 00 00 00", code => code.Load(BPF_SIZE.W, R7, R6, -8) },
        { "69 10 02 00 00 00 00 00", code => code.Load(BPF_SIZE.H, R0, R1, 2) },
        { "71 10 02 00 00 00 00 00", code => code.Load(BPF_SIZE.B, R0, R1, 2) },
        { "7b 0a f0 ff 00 00 00 00", code => code.Store(BPF_SIZE.DW, R10, -16, R0) },
        { "62 0a fc ff 07 00 00 00", code => code.Store(BPF_SIZE.W, R10, -4, 7) },
        { "db 10 00 00 00 00 00 00", code => code.AtomicAdd(R0, 0, R1) },
        { "85 00 00 00 0e 00 00 00", code => code.Call(BPF_FUNC.get_current_pid_tgid) },
        { "95 00 00 00 00 00 00 00", code => code.Exit() },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void An_instruction_is_what_the_standard_says(string expected, Action<BpfAssembler> write)
    {
        BpfAssembler code = new();
        write(code);
        Assert.Equal(expected, Text(code));
    }

    [Fact]
    public void Jumps_count_from_the_next_instruction()
    {
        BpfAssembler code = new();
        BpfLabel back = new();
        BpfLabel end = new();
        code.Here(back);
        code.If(R1, BPF_TEST.JEQ, 5, end);
        code.If(R1, BPF_TEST.JLT, R2, end);
        code.If(R3, BPF_TEST.JSGT, -1, back);
        code.Jump(back);
        code.Here(end);
        code.Exit();
        Assert.Equal(
            "15 01 03 00 05 00 00 00 ad 21 02 00 00 00 00 00 65 03 fd ff ff ff ff ff 05 00 fc ff 00 00 00 00 "
            + "95 00 00 00 00 00 00 00", Text(code));
    }

    [Fact]
    public void A_function_of_the_program_is_called_by_its_distance()
    {
        BpfAssembler code = new();
        BpfLabel function = new();
        code.Call(function);
        code.Exit();
        code.Here(function);
        code.Exit();
        Assert.Equal("85 10 00 00 01 00 00 00 95 00 00 00 00 00 00 00 95 00 00 00 00 00 00 00", Text(code));
    }

    [Fact]
    public void Maps_are_remembered_by_their_place()
    {
        BpfAssembler code = new();
        code.Set(R0, 0);
        code.SetMap(R1, 7);
        code.Exit();
        Assert.Equal([(1, 7)], code.Finish().Maps);
    }

    [Fact]
    public void What_cannot_be_assembled_is_an_error()
    {
        BpfAssembler nowhere = new();
        nowhere.Jump(new BpfLabel());
        Assert.Contains("leads nowhere", Assert.Throws<InvalidOperationException>(nowhere.Finish).Message, StringComparison.Ordinal);

        BpfAssembler far = new();
        BpfLabel end = new();
        far.Jump(end);
        for (int i = 0; i <= short.MaxValue; i++)
        {
            far.Set(R0, 0);
        }

        far.Here(end);
        Assert.Contains("too far", Assert.Throws<InvalidOperationException>(far.Finish).Message, StringComparison.Ordinal);

        BpfLabel twice = new();
        far.Here(twice);
        Assert.Throws<InvalidOperationException>(() => far.Here(twice));
    }

    private static string Text(BpfAssembler code)
    {
        bpf_insn[] instructions = [.. code.Finish().Instructions];
        return string.Join(' ', MemoryMarshal.AsBytes<bpf_insn>(instructions).ToArray().Select(value => $"{value:x2}"));
    }
}
