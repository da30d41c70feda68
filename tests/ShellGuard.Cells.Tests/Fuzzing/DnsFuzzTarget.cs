using System.Net;
using ShellGuard.Cells.Supervision.Network.Dns;
using Xunit;

namespace ShellGuard.Cells.Tests.Fuzzing;

internal sealed class DnsFuzzTarget : IFuzzTarget
{
    public string Corpus => "dns";

    public void Run(ReadOnlySpan<byte> data)
    {
        byte[] reply = new byte[DnsAnswer.MaxLength];
        foreach (bool overTcp in (bool[])[false, true])
        {
            int length = DnsResponder.Respond(
                data,
                overTcp,
                (name, type) =>
                {
                    Assert.InRange(name.Length, 1, HostName.MaxLength);
                    Assert.Matches("^[a-z0-9_.-]+$", name);
                    DnsQuery.ReverseAddress(name);
                    return type == DnsType.PTR
                        ? new NameReply(DnsStatus.NoError, [], name)
                        : new NameReply(DnsStatus.NoError, [IPAddress.Loopback, IPAddress.IPv6Loopback]);
                },
                reply);
            Assert.InRange(length, 0, DnsAnswer.MaxLength);
            if (length > 0)
            {
                Assert.True(length >= DnsQuery.HeaderLength);
                Assert.True((reply[2] & 0x80) != 0, "a reply that is no answer");
                Assert.Equal(data[0], reply[0]);
                Assert.Equal(data[1], reply[1]);
            }
        }
    }
}
