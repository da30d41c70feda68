using System.Collections.Concurrent;
using System.Net;
using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Judges where a granted name leads. Whoever owns a name decides what it resolves to, so a name grants nothing of
/// an address that is reserved, denied, or that the policy gives tags under another name.</summary>
/// <param name="walls">Null where the policy has none.</param>
internal sealed class ResolvedAddresses(INetworkRules rules, WallRules? walls, IHostResolver resolver)
{
    /// <summary>A resource's own name is not asked for at each connect.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (long When, IPAddress[] Addresses)> _known = new(StringComparer.Ordinal);

    /// <summary>Why a name may not lead to this address; null where it may.</summary>
    /// <param name="granted">The rule that grants the name.</param>
    /// <param name="name">Normalised.</param>
    /// <param name="address">No IPv4 address written as IPv6.</param>
    public Verdict? Refuse(RuleSource granted, string name, IPAddress address, int port)
    {
        string literal = new TargetAddress(address, port).ToText("tcp");
        if (ForbiddenRanges.KindOf(address) is { } kind && rules.ForAddress(address, port).Decision != Decision.Allow)
        {
            return Verdict.Deny(granted, $"the name leads to {kind}", $"--net {literal}");
        }

        if (rules.DenialOf(address, port) is { } denied)
        {
            return Verdict.Deny(denied.Rule, $"the name leads to {literal}, and {denied.Reason}", denied.WayOn);
        }

        return OwnerOf(name, address, port) is { } resource
            ? Verdict.Deny(
                resource.Rule, $"the name leads to {resource.Name}, which it is not", $"name {name}:{port} in [[resource]] {resource.Name}")
            : null;
    }

    /// <summary>A resource that the address belongs to and the name does not.</summary>
    private TaggedResource? OwnerOf(string name, IPAddress address, int port)
    {
        if (walls is null)
        {
            return null;
        }

        IReadOnlyList<TaggedResource> meant = walls.ResourcesOf(name, port);
        return walls.Resources.FirstOrDefault(resource => !meant.Contains(resource)
            && resource.Endpoints.Any(endpoint => (endpoint.Port is null || endpoint.Port == port)
                && IsAt(endpoint, name, address)));
    }

    /// <summary>Whether an endpoint is at this address. A block of all addresses is not a place.</summary>
    private bool IsAt(EndpointPattern endpoint, string name, IPAddress address) => endpoint.Kind switch
    {
        EndpointKind.Name => endpoint.Name != name && AddressesOf(endpoint.Name!).Contains(address),
        EndpointKind.Addresses => endpoint.Range!.PrefixLength > 0 && endpoint.MatchesAddress(address),
        _ => false,
    };

    private IPAddress[] AddressesOf(string name)
    {
        long now = TimeProvider.System.GetTimestamp();
        if (_known.TryGetValue(name, out (long When, IPAddress[] Addresses) known)
            && TimeProvider.System.GetElapsedTime(known.When, now) < Fresh)
        {
            return known.Addresses;
        }

        IPAddress[] addresses =
            [.. resolver.Resolve(name).Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)];
        _known[name] = (now, addresses);
        return addresses;
    }
}
