using ShellGuard.Cells.Jobs;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Fuzzing;

/// <summary>What process 1 of a cell tells the supervisor.</summary>
internal sealed class PorterFuzzTarget : IFuzzTarget
{
    private const int SOCK_SEQPACKET = 5;

    public string Corpus => "porter";

    public void Run(ReadOnlySpan<byte> data)
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs).OrThrow();
        using Descriptor cell = theirs;
        using Porter porter = new(null!, ours);
        DescriptorIo.Write(cell, data).OrThrow();
        Sockets.Shutdown(cell, 2);
        LinuxResult result = porter.Receive(out PorterReport report);
        Assert.Equal(data.Length is 8 || report.Usage is not null, result.Succeeded);
        Assert.True(data.Length is 48 || report.Usage is null);
        Assert.True(report.Usage is not { PeakBytes: < 0 });
        Assert.InRange(report.Exit.Status, 0, 255);
        Assert.False(report is { IsStopped: true, IsIdle: true });
    }
}
