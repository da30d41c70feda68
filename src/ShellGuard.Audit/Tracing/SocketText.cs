using System.Net;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Audit.Tracing;

/// <summary>Sockets as <c>strace -yy</c> names them.</summary>
internal static class SocketText
{
    private const int IPPROTO_ICMP = 1, IPPROTO_ICMPV6 = 58;

    /// <param name="own">The address that it is bound to, or its number.</param>
    public static string Of(AF domain, SOCK type, int protocol, string own) => $"{Protocol(domain, type, protocol)}:[{own}]";

    /// <summary>An address as it is written behind a protocol; null for one without a port.</summary>
    /// <param name="bytes">4 or 16.</param>
    public static string? Endpoint(ReadOnlySpan<byte> bytes, ushort port) => port == 0 ? null
        : bytes.Length == 4 ? $"{new IPAddress(bytes)}:{port}"
        : $"[{new IPAddress(bytes)}]:{port}";

    private static string Protocol(AF domain, SOCK type, int protocol) => domain switch
    {
        AF.INET or AF.INET6 => type switch
        {
            SOCK.STREAM => "TCP",
            SOCK.DGRAM when protocol is IPPROTO_ICMP or IPPROTO_ICMPV6 => "PING",
            SOCK.DGRAM => "UDP",
            _ => "RAW",
        } + (domain == AF.INET6 ? "v6" : ""),
        AF.UNIX => type switch
        {
            SOCK.STREAM => "UNIX-STREAM",
            SOCK.DGRAM => "UNIX-DGRAM",
            _ => "UNIX-SEQPACKET",
        },
        AF.NETLINK => "NETLINK",
        _ => "socket",
    };
}
