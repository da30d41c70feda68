using System.Net;
using System.Net.Sockets;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Where a granted name may not lead unless the address itself is granted too: whoever controls a name
/// would otherwise control which host of the inner network the cell reaches. From the IANA special-purpose address
/// registries (RFC 6890 and its updates).</summary>
internal static class ForbiddenRanges
{
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Compatible = IPNetwork.Parse("::/96");

    /// <summary>In the order in which they are tried; the first that contains an address names its kind.</summary>
    internal static IReadOnlyList<ForbiddenRange> All { get; } =
    [
        Range("0.0.0.0/8", "this network"),
        Range("10.0.0.0/8", "a private address"),
        Range("100.64.0.0/10", "a carrier's shared address"),
        Range("127.0.0.0/8", "a loopback address"),
        Range("169.254.169.254/32", "a cloud's metadata service"),
        Range("169.254.0.0/16", "a link-local address"),
        Range("172.16.0.0/12", "a private address"),
        Range("192.0.0.0/24", "an address for protocol assignments"),
        Range("192.0.2.0/24", "a documentation address"),
        Range("192.88.99.0/24", "a retired 6to4 relay address"),
        Range("192.168.0.0/16", "a private address"),
        Range("198.18.0.0/15", "a benchmarking address, which stands for names here"),
        Range("198.51.100.0/24", "a documentation address"),
        Range("203.0.113.0/24", "a documentation address"),
        Range("224.0.0.0/4", "a multicast address"),
        Range("240.0.0.0/4", "a reserved or broadcast address"),
        Range("::/128", "this host"),
        Range("::1/128", "a loopback address"),
        Range("::/96", "an IPv4-compatible address"),
        Range("64:ff9b:1::/48", "a local-use translation address"),
        Range("100::/64", "a discard address"),
        Range("2001::/32", "a Teredo tunnel address"),
        Range("2001:2::/48", "a benchmarking address"),
        Range("2001:db8::/32", "a documentation address"),
        Range("3fff::/20", "a documentation address"),
        Range("5f00::/16", "a segment-routing address"),
        Range("fc00::/7", "a unique local address"),
        Range("fe80::/10", "a link-local address"),
        Range("fec0::/10", "a retired site-local address"),
        Range("ff00::/8", "a multicast address"),
    ];

    /// <summary>What kind of forbidden address it is, or null for one that a name may lead to. Addresses that carry
    /// an IPv4 address inside (mapped, compatible, 6to4, NAT64) are judged by that one too.</summary>
    internal static string? KindOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return KindOf(address.MapToIPv4());
        }

        foreach (ForbiddenRange forbidden in All)
        {
            if (forbidden.Range.BaseAddress.AddressFamily == address.AddressFamily &&
                forbidden.Range.Contains(address))
            {
                return forbidden.Kind;
            }
        }

        return Embedded(address) is { } inner ? KindOf(inner) : null;
    }

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return Translated.Contains(address) || Compatible.Contains(address) ? new IPAddress(bytes[12..])
            : SixToFour.Contains(address) ? new IPAddress(bytes.Slice(2, 4))
            : null;
    }

    private static ForbiddenRange Range(string range, string kind) => new(IPNetwork.Parse(range), kind);
}
