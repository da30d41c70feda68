using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section E: the network.</summary>
public sealed class NetworkTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("E1", "E1-families")
        {
            Evidence =
            [
                Refused("socket AF_INET SOCK_RAW"), Refused("socket AF_INET6 SOCK_RAW"), Refused("socket AF_PACKET SOCK_RAW"),
                Refused("socket AF_VSOCK SOCK_STREAM"), Refused("socket AF_NETLINK SOCK_RAW"), Refused("socket AF_ALG SOCK_SEQPACKET"),
                Refused("socket AF_XDP SOCK_RAW"), Refused("socket AF_UNIX SOCK_DGRAM"), Refused("socketpair AF_UNIX SOCK_DGRAM"),
            ],
        },
        new("E2 E3", "E2-names")
        {
            Options = ["--net", "granted.test:443"],
            Evidence =
            [
                Denied("connect", "granted.test:{port}/tcp"), Denied("connect", "192.0.2.53:53/tcp"),
                Denied("connect", "192.0.2.53:853/tcp"), Denied("connect", "169.254.169.254:"),
            ],
        },
        new("E5 E6 F3", "E5-injected")
        {
            Options = ["--net", "127.0.0.1:{granted}"],
            Arguments = ["{granted}"],
            Evidence =
            [
                Allowed("connect", "127.0.0.1:{granted}/tcp"), Denied("connect", "127.0.0.1:{port}/tcp"),
                Denied("connect", "AF_UNSPEC"), ["\"operationName\":\"listen\"", "\"decisionName\":\"deny\""],
                Refused("sendto"),
            ],
        },
        new("E7", "E7-addresses")
        {
            Evidence =
            [
                Denied("connect", "169.254.169.254:80/tcp"), Denied("connect", "172.17.0.1:80/tcp"),
                Denied("connect", "[fd00:ec2::254]:"), Allowed("connect", "127.0.0.1:{port}/tcp"),
            ],
        },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);
}
