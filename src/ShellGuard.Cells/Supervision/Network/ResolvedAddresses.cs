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

    private readonly ConcurrentDictionary<string, (long When, HashSet<IPAddress> Addresses)> _known = new(StringComparer.Ordinal);

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

        foreach (TaggedResource resource in OthersThan(name, port))
        {
            string wayOn = $"name {name}:{port} in [[resource]] {resource.Name}";
            switch (IsAt(resource, name, address, port))
            {
                case true:
                    return Verdict.Deny(resource.Rule, $"the name leads to {resource.Name}, which it is not", wayOn);
                case null:
                    return Verdict.Deny(
                        resource.Rule, $"the name may lead to {resource.Name}, whose own names cannot be resolved now", wayOn);
            }
        }

        return null;
    }

    private IEnumerable<TaggedResource> OthersThan(string name, int port)
    {
        if (walls is null)
        {
            return [];
        }

        IReadOnlyList<TaggedResource> meant = walls.ResourcesOf(name, port);
        return walls.Resources.Where(resource => !meant.Contains(resource));
    }

    /// <summary>Whether the address is the resource's; null when that cannot be told.</summary>
    private bool? IsAt(TaggedResource resource, string name, IPAddress address, int port)
    {
        bool? found = false;
        foreach (EndpointPattern endpoint in resource.Endpoints.Where(one => one.Port is null || one.Port == port))
        {
            switch (IsAt(endpoint, name, address))
            {
                case true:
                    return true;
                case null:
                    found = null;
                    break;
            }
        }

        return found;
    }

    /// <summary>Whether an endpoint is at this address. A block of all addresses is not a place.</summary>
    private bool? IsAt(EndpointPattern endpoint, string name, IPAddress address) => endpoint.Kind switch
    {
        EndpointKind.Name => endpoint.Name == name ? false : AddressesOf(endpoint.Name!)?.Contains(address),
        EndpointKind.Addresses => endpoint.Range!.PrefixLength > 0 && endpoint.MatchesAddress(address),
        _ => false,
    };

    /// <summary>Every address that the name had while the session runs; null when it was never to be found out.</summary>
    private HashSet<IPAddress>? AddressesOf(string name)
    {
        long now = TimeProvider.System.GetTimestamp();
        bool isKnown = _known.TryGetValue(name, out (long When, HashSet<IPAddress> Addresses) known);
        if (isKnown && TimeProvider.System.GetElapsedTime(known.When, now) < Fresh)
        {
            return known.Addresses;
        }

        if (resolver.Resolve(name) is not { } found)
        {
            return known.Addresses;
        }

        return _known.AddOrUpdate(
            name, _ => (now, [.. found.Select(Plain)]), (_, before) => (now, [.. before.Addresses, .. found.Select(Plain)])).Addresses;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
