using System.Net;

namespace ShellGuard.Policy.Model;

/// <summary>Addresses that are not the public internet. A name must not lead to one, and a wide block must not reach
/// into one, unless a rule names it: else a resolver's answer decides what of the inner network is reached.</summary>
public static class ReservedRanges
{
    /// <summary>The ranges with what they are (IANA special-purpose address registries).</summary>
    public static IReadOnlyList<(AddressRange Range, string What)> All { get; } =
    [
        Range("0.0.0.0", "8", "this host"),
        Range("10.0.0.0", "8", "private"),
        Range("100.64.0.0", "10", "shared by carriers"),
        Range("127.0.0.0", "8", "loopback"),
        Range("169.254.0.0", "16", "link-local, cloud metadata"),
        Range("172.16.0.0", "12", "private"),
        Range("192.0.0.0", "24", "protocol assignments"),
        Range("192.0.2.0", "24", "documentation"),
        Range("192.168.0.0", "16", "private"),
        Range("198.18.0.0", "15", "benchmarks"),
        Range("198.51.100.0", "24", "documentation"),
        Range("203.0.113.0", "24", "documentation"),
        Range("224.0.0.0", "4", "multicast"),
        Range("240.0.0.0", "4", "reserved and broadcast"),
        Range("::", "96", "unspecified, loopback and old IPv4 forms"),
        Range("64:ff9b::", "96", "IPv4 behind a translator"),
        Range("64:ff9b:1::", "48", "IPv4 behind a local translator"),
        Range("100::", "64", "discard"),
        Range("2001::", "23", "protocol assignments, Teredo"),
        Range("2001:db8::", "32", "documentation"),
        Range("2002::", "16", "IPv4 inside 6to4"),
        Range("3fff::", "20", "documentation"),
        Range("fc00::", "7", "private"),
        Range("fe80::", "10", "link-local"),
        Range("fec0::", "10", "site-local"),
        Range("ff00::", "8", "multicast"),
    ];

    /// <summary>What kind of reserved address this is, or null for a public one.</summary>
    public static string? Find(IPAddress address)
    {
        foreach (var (range, what) in All)
        {
            if (range.Contains(address))
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>Whether the block lies inside one reserved range: then it names what it wants.</summary>
    public static bool Names(AddressRange block) => All.Any(r => r.Range.Contains(block));

    private static (AddressRange Range, string What) Range(string address, string prefix, string what) =>
        AddressRange.TryParse(address, prefix, out var range, out string? problem)
            ? (range, what)
            : throw new InvalidOperationException($"{address}/{prefix}: {problem}");
}
