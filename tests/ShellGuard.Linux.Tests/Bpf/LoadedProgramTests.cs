using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Bpf;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using Xunit;
using static ShellGuard.Linux.Bpf.BpfRegister;

namespace ShellGuard.Linux.Tests.Bpf;

/// <summary>The kernel takes what the assembler writes, and says why where it does not.</summary>
public sealed class LoadedProgramTests
{
    private const int RingSize = 4096;

    [Fact]
    public void A_map_keeps_what_is_written()
    {
        BpfMap.Create(BPF_MAP_TYPE.HASH, "test", 4, 8, 4, out BpfMap? made).OrThrow();
        using BpfMap map = made!;
        byte[] value = new byte[8];
        Assert.Equal(Errno.ENOENT, map.Read([1, 0, 0, 0], value).Error);
        map.Write([1, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8]).OrThrow();
        map.Read([1, 0, 0, 0], value).OrThrow();
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], value);
        byte[] key = new byte[4];
        map.NextKey([], key).OrThrow();
        Assert.Equal([1, 0, 0, 0], key);
        Assert.Equal(Errno.ENOENT, map.NextKey(key, new byte[4]).Error);
        Assert.Throws<ArgumentException>(() => map.Read([1], value));
    }

    [Fact]
    public void A_refusal_comes_with_the_verifiers_reason()
    {
        BpfAssembler code = new();
        code.Copy(R0, R5);
        code.Exit();
        LinuxResult result = LoadedProgram.Load(BPF_PROG_TYPE.RAW_TRACEPOINT, "test", code.Finish(), [], out LoadedProgram? program, out string log);
        Assert.Null(program);
        Assert.Equal(Errno.EACCES, result.Error);
        Assert.Contains("R5 !read_ok", log, StringComparison.Ordinal);
    }

    /// <summary>What a function may not do with any number it does not do with the one that it is called with.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData(1, false)]
    public void A_function_of_numbers_is_read_for_all_of_them(int? parameters, bool isTaken)
    {
        BpfAssembler code = new();
        BpfLabel function = new() { Parameters = parameters };
        BpfLabel good = new();
        code.Set(R1, 8);
        code.Call(function);
        code.Exit();
        code.Here(function);
        code.If(R1, BPF_TEST.JEQ, 8, good);
        code.Copy(R0, R9);
        code.Here(good);
        code.Set(R0, 0);
        code.Exit();
        LoadedProgram.Load(BPF_PROG_TYPE.RAW_TRACEPOINT, "test", code.Finish(), [], out LoadedProgram? program, out string log);
        program?.Dispose();
        Assert.Equal(isTaken, program is not null);
        Assert.Equal(isTaken, log.Length == 0);
    }

    [Fact]
    public void There_is_no_tracepoint_of_another_name()
    {
        BpfAssembler code = new();
        code.Set(R0, 0);
        code.Exit();
        LoadedProgram.Load(BPF_PROG_TYPE.RAW_TRACEPOINT, "test", code.Finish(), [], out LoadedProgram? loaded, out string log).OrThrow();
        using LoadedProgram program = loaded!;
        Assert.Empty(log);
        Assert.Equal(Errno.ENOENT, program.Attach("no_such_tracepoint", out Descriptor link).Error);
        link.Dispose();
        program.ReadMisses(out ulong misses).OrThrow();
        Assert.Equal(0u, misses);
    }

    /// <summary>A program tells of each call of a number that nobody uses; the ring has no room for all, and what was read
    /// makes room.</summary>
    [Fact]
    public void What_a_program_sends_can_be_read_until_the_ring_is_full()
    {
        const ulong word = 0x5e1f_7e57_0000_0001;
        BpfMap.Create(BPF_MAP_TYPE.RINGBUF, "test", 0, 0, RingSize, out BpfMap? made).OrThrow();
        using BpfMap map = made!;
        LoadedProgram.Load(BPF_PROG_TYPE.RAW_TRACEPOINT, "test", Sender(word), [map], out LoadedProgram? loaded, out string log);
        Assert.Empty(log);
        using LoadedProgram program = loaded!;
        using RingBuffer ring = new(map, RingSize);
        program.Attach("sys_enter", out Descriptor link).OrThrow();
        using (link)
        {
            for (int round = 0; round < 3; round++)
            {
                int sent = RingSize / 16 / 2;
                for (int i = 0; i < sent; i++)
                {
                    Processes.Announce(word);
                }

                List<ulong> read = [];
                Assert.Equal(sent, ring.Read(bytes => read.Add(BitConverter.ToUInt64(bytes))));
                Assert.All(read, value => Assert.Equal(word, value));
            }

            for (int i = 0; i < RingSize; i++)
            {
                Processes.Announce(word);
            }

            Assert.InRange(ring.Read(_ => { }), 1, RingSize / 16);
        }

        // A process that another test starts has a copy of the link until it executes.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Processes.Announce(word);
                return ring.Read(_ => { }) == 0;
            },
            10_000));
    }

    /// <summary><c>sys_enter</c>: sends the first argument of getpgrp(2) where it is the word.</summary>
    private static BpfProgram Sender(ulong word)
    {
        BpfAssembler code = new();
        BpfLabel end = new();
        code.Load(BPF_SIZE.DW, R2, R1, 8);
        code.If(R2, BPF_TEST.JNE, (int)SystemCall.getpgrp, end);
        code.Load(BPF_SIZE.DW, R3, R1, 0);
        code.Compute(BPF_ALU.ADD, R3, pt_regs.rdi);
        code.Store(BPF_SIZE.DW, R10, -8, 0);
        code.Copy(R1, R10);
        code.Compute(BPF_ALU.ADD, R1, -8);
        code.Set(R2, 8);
        code.Call(BPF_FUNC.probe_read_kernel);
        code.Load(BPF_SIZE.DW, R1, R10, -8);
        code.SetLong(R2, word);
        code.If(R1, BPF_TEST.JNE, R2, end);
        code.SetMap(R1, 0);
        code.Copy(R2, R10);
        code.Compute(BPF_ALU.ADD, R2, -8);
        code.Set(R3, 8);
        code.Set(R4, BPF_RB.NO_WAKEUP);
        code.Call(BPF_FUNC.ringbuf_output);
        code.Here(end);
        code.Set(R0, 0);
        code.Exit();
        return code.Finish();
    }
}
