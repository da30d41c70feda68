using System.Security.Cryptography;
using ShellGuard.Cells.Relays;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Relays;

public sealed class ByteRelayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_byte_goes_over_and_then_the_end(bool isShared)
    {
        (Descriptor source, Descriptor from) = Pipe();
        (Descriptor to, Descriptor sink) = Pipe();
        using ManualResetEventSlim ended = new();
        using ByteRelay relay = new(from, to, ended.Set, isShared);
        byte[] sent = RandomNumberGenerator.GetBytes(3_000_001);
        Thread writer = new(() =>
        {
            for (int at = 0; at < sent.Length;)
            {
                at += (int)DescriptorIo.Write(source, sent.AsSpan(at, Math.Min(70_000, sent.Length - at))).OrThrow();
            }

            source.Dispose();
        });
        writer.Start();
        using MemoryStream received = new();
        byte[] buffer = new byte[50_000];
        while (DescriptorIo.Read(sink, buffer).OrThrow() is > 0 and long read)
        {
            received.Write(buffer, 0, (int)read);
        }

        writer.Join();
        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
        Assert.Equal(sent.Length, relay.Bytes);
        Assert.True(ended.Wait(Patience));
        Assert.True(relay.HasEnded);
        sink.Dispose();
    }

    [Fact]
    public void The_writer_hears_that_its_reader_is_gone()
    {
        (Descriptor source, Descriptor from) = Pipe();
        (Descriptor to, Descriptor sink) = Pipe();
        using ManualResetEventSlim ended = new();
        using ByteRelay relay = new(from, to, ended.Set);
        sink.Dispose();
        Assert.True(ended.Wait(Patience));
        Assert.Equal(Errno.EPIPE, DescriptorIo.Write(source, "x"u8).Error);
        source.Dispose();
    }

    [Fact]
    public void After_the_cut_nothing_goes_over()
    {
        (Descriptor source, Descriptor from) = Pipe();
        (Descriptor to, Descriptor sink) = Pipe();
        ByteRelay relay = new(from, to, () => { });
        DescriptorIo.Write(source, "before"u8).OrThrow();
        relay.Drain();
        relay.Dispose();
        Assert.Equal(Errno.EPIPE, DescriptorIo.Write(source, "after"u8).Error);
        byte[] buffer = new byte[100];
        Assert.Equal(6, DescriptorIo.Read(sink, buffer).OrThrow());
        Assert.Equal(0, DescriptorIo.Read(sink, buffer).OrThrow());
        source.Dispose();
        sink.Dispose();
    }

    [Fact]
    public void A_reader_that_does_not_read_does_not_keep_it_from_being_cut()
    {
        (Descriptor source, Descriptor from) = Pipe();
        (Descriptor to, Descriptor sink) = Pipe();
        ByteRelay relay = new(from, to, () => { });
        DescriptorIo.SetNonBlocking(source).OrThrow();
        byte[] much = new byte[65_536];
        for (int i = 0; i < 100; i++)
        {
            DescriptorIo.Write(source, much);
        }

        relay.Dispose();
        Assert.True(relay.HasEnded);
        source.Dispose();
        sink.Dispose();
    }

    private static (Descriptor Write, Descriptor Read) Pipe()
    {
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        return (write, read);
    }
}
