using ShellGuard.Cells.Supervision.Network;
using Xunit;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Tests.Fuzzing;

/// <summary>The address of a trapped call, as a program in the cell wrote it.</summary>
internal sealed class AddressFuzzTarget : IFuzzTarget
{
    public string Corpus => "addresses";

    public void Run(ReadOnlySpan<byte> data)
    {
        if (!TargetAddress.TryRead(data, out TargetAddress target))
        {
            return;
        }

        Assert.InRange(target.Port, 0, 65535);
        Assert.False(target.Address.IsIPv4MappedToIPv6, "two ways to say one host");

        // What is connected to is what was decided on.
        Span<byte> written = stackalloc byte[TargetAddress.SixLength];
        Assert.True(TargetAddress.TryRead(target.Write(AF_INET6, written), out TargetAddress again));
        Assert.Equal(target.Address.GetAddressBytes(), again.Address.GetAddressBytes());
        Assert.Equal(target.Port, again.Port);
        Assert.EndsWith("/tcp", target.ToText("tcp"), StringComparison.Ordinal);
        Assert.False(target.IsOwnHost && !target.Specified.IsOwnHost);
    }
}
