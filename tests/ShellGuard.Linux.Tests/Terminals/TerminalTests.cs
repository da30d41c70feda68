using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Linux.Tests.Terminals;

public sealed class TerminalTests : IDisposable
{
    private readonly Descriptor _master;
    private readonly Descriptor _slave;

    public TerminalTests()
    {
        Terminal.OpenMaster("/dev/ptmx", out _master).OrThrow();
        Terminal.OpenSlave(_master, out _slave).OrThrow();
    }

    public void Dispose()
    {
        _master.Dispose();
        _slave.Dispose();
    }

    [Fact]
    public void A_raw_terminal_passes_every_byte_both_ways()
    {
        Terminal.GetAttributes(_slave, out TerminalAttributes before).OrThrow();
        Assert.True(before.Canonical && before.Echo && before.Signals);
        Terminal.SetAttributes(_slave, before.AsRaw()).OrThrow();
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        Assert.Equal(all, Through(_master, _slave, all));
        Assert.Equal(all, Through(_slave, _master, all));

        Terminal.SetAttributes(_slave, before).OrThrow();
        Terminal.GetAttributes(_slave, out TerminalAttributes after).OrThrow();
        Assert.Equal(before, after);
    }

    [Fact]
    public void The_size_set_on_the_master_is_the_size_of_the_slave()
    {
        Terminal.SetSize(_master, new WindowSize(101, 37, 5, 6)).OrThrow();
        Terminal.GetSize(_slave, out WindowSize size).OrThrow();
        Assert.Equal(new WindowSize(101, 37, 5, 6), size);
    }

    [Fact]
    public void A_pipe_is_no_terminal_and_its_error_is_a_value()
    {
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        using (read)
        using (write)
        {
            Assert.False(Terminal.IsTerminal(read));
            Assert.Equal(Errno.ENOTTY, Terminal.GetSize(write, out _).Error);
            Assert.True(Terminal.IsTerminal(_slave));
        }
    }

    [Fact]
    public void External_processing_reports_the_programs_changes_and_keeps_the_echo_flag_readable()
    {
        Terminal.GetAttributes(_slave, out TerminalAttributes before).OrThrow();
        Terminal.SetAttributes(_master, before.WithExternalProcessing()).OrThrow();
        Terminal.SetPacketMode(_master, on: true).OrThrow();
        byte[] buffer = new byte[64];

        DescriptorIo.Write(_master, "secret\n"u8).OrThrow();
        Assert.Equal(7, DescriptorIo.Read(_slave, buffer).OrThrow());

        // Nothing was echoed; the first thing to read is the program's change.
        Terminal.GetAttributes(_slave, out TerminalAttributes now).OrThrow();
        Assert.True(now.Echo);
        Terminal.SetAttributes(_slave, now.AsRaw()).OrThrow();
        Assert.Equal(1, DescriptorIo.Read(_master, buffer).OrThrow());
        Assert.NotEqual(0, buffer[0]);
        Terminal.GetAttributes(_master, out TerminalAttributes seen).OrThrow();
        Assert.False(seen.Echo || seen.Canonical);
        Assert.True(before.WithInputOf(seen).Equals(before.WithInputOf(now.AsRaw())));

        DescriptorIo.Write(_slave, "out"u8).OrThrow();
        Assert.Equal(4, DescriptorIo.Read(_master, buffer).OrThrow());
        Assert.Equal(0, buffer[0]);
    }

    [Fact]
    public void Opening_again_gives_a_description_that_does_not_block_and_leaves_the_other_alone()
    {
        DescriptorIo.OpenAgain(_slave, out Descriptor again).OrThrow();
        using (again)
        {
            Assert.Equal(Errno.EAGAIN, DescriptorIo.Read(again, new byte[1]).Error);
            DescriptorIo.Write(_master, "x\n"u8).OrThrow();
            Assert.Equal(2, DescriptorIo.Read(_slave, new byte[8]).OrThrow());
        }
    }

    [Fact]
    public void Discarded_input_is_never_read()
    {
        DescriptorIo.Write(_master, "typed\n"u8).OrThrow();
        Terminal.DiscardInput(_slave).OrThrow();
        DescriptorIo.Write(_master, "fresh\n"u8).OrThrow();
        byte[] buffer = new byte[32];
        long length = DescriptorIo.Read(_slave, buffer).OrThrow();
        Assert.Equal("fresh\n"u8.ToArray(), buffer[..(int)length]);
    }

    [Fact]
    public async Task A_wake_up_ends_a_wait_and_a_closed_one_is_harmless()
    {
        var wake = new WakeUp();
        var poll = new PollSet(2);
        poll.Set(0, wake.Descriptor, PollEvents.POLLIN);
        Assert.Equal(0, poll.Wait(0).OrThrow());
        Task<long> waiting = Task.Run(() => poll.Wait(10_000).OrThrow());
        wake.Signal();
        Assert.Equal(1, await waiting.WaitAsync(TimeSpan.FromSeconds(8)));
        Assert.Equal(PollEvents.POLLIN, poll.Found(0));
        Assert.Equal(PollEvents.None, poll.Found(1));
        wake.Clear();
        Assert.Equal(0, poll.Wait(0).OrThrow());
        wake.Dispose();
        wake.Signal();
    }

    private static byte[] Through(Descriptor from, Descriptor to, byte[] bytes)
    {
        DescriptorIo.Write(from, bytes).OrThrow();
        byte[] buffer = new byte[1024];
        int length = 0;
        while (length < bytes.Length)
        {
            length += (int)DescriptorIo.Read(to, buffer.AsSpan(length)).OrThrow();
        }

        return buffer[..length];
    }
}
