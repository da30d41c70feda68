using System.Net;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>The network of one side of a wall: it decides as its rules do, and tells of what no rule grants why the policy could
/// not grant it here, and where it is granted.</summary>
/// <param name="rules">The side's own.</param>
/// <param name="cells">The cells that are this side; none for the lobby alone.</param>
/// <param name="label">What it knows.</param>
/// <param name="sinks">Where its grants lead.</param>
/// <param name="name">What it is called.</param>
public sealed class SideNetwork(
    NetworkRules rules, WallRules walls, IReadOnlyList<CellRule> cells, TagSet label, TagSet sinks, string name) : INetworkRules
{
    private const string Flag = "--net ";

    /// <summary>The side's own rules.</summary>
    public NetworkRules Rules => rules;

    /// <inheritdoc/>
    public Verdict ForName(string host, int? port) => Explained(
        rules.ForName(host, port),
        () => port is { } number
            ? walls.ResourcesOf(host, number)
            : [.. walls.Resources.Where(resource => resource.Endpoints.Any(endpoint => endpoint.MatchesName(host)))]);

    /// <inheritdoc/>
    public Verdict ForAddress(IPAddress address, int port) =>
        Explained(rules.ForAddress(address, port), () => walls.ResourcesOf(address, port));

    /// <inheritdoc/>
    public Verdict? DenialOf(IPAddress address, int port) => rules.DenialOf(address, port);

    private Verdict Explained(Verdict verdict, Func<IReadOnlyList<TaggedResource>> resources)
    {
        if (verdict is not { Decision: Decision.Deny, WayOn: { } way } || !way.StartsWith(Flag, StringComparison.Ordinal))
        {
            return verdict;
        }

        IReadOnlyList<TaggedResource> meant = resources();
        WallRefusal? refusal = meant.Select(RefusalOf).FirstOrDefault(refusal => refusal is not null);
        string[] ways =
        [
            .. walls.Cells.Where(cell => !cells.Any(own => own.Name == cell.Name) && walls.GrantsOf(cell).Any(grant => meant.Contains(grant.Resource)))
                .Select(cell => $"shellguard run --in {cell.Name} -- COMMAND, without what {name} has"),
            .. walls.Flow.Gates.Where(gate => refusal is not null && gate.From.Overlaps(refusal.Refusal.Tags) && gate.To.Overlaps(refusal.Refusal.Tags))
                .Select(gate => $"COMMAND | {gate.Name}"),
        ];
        string? wayOn = ways.Length > 0 ? string.Join("; or ", ways)
            : refusal is not null ? null
            : cells is [var cell, ..] ? $"net = [\"{way[Flag.Length..]}\"] in [cell.{cell.Name}]"
            : way;
        return refusal is null
            ? verdict with { WayOn = wayOn }
            : Verdict.Deny(
                refusal.Refusal.Conflict?.Rule ?? refusal.Rule,
                $"{verdict.Reason}, and none could: {WallText.Because(refusal)}",
                wayOn);
    }

    /// <summary>What the flow model would say if the side were granted a resource.</summary>
    private WallRefusal? RefusalOf(TaggedResource resource)
    {
        FlowState state = FlowState.Empty(walls.Flow);
        NodeId side = state.NextNode;
        state = state.Apply(new CreateCell(side, name, null, label, Clearance.Everything)).State;
        state = state.Apply(new AcquireSink(side, sinks, $"what {name} may reach")).State;
        NodeId service = state.NextNode;
        state = state.Apply(new CreateService(service, resource.Name, resource.Sources, resource.Sinks, Mailbox: !resource.Opaque)).State;
        foreach ((NodeId from, NodeId to) in ((NodeId, NodeId)[])[(service, side), (side, service)])
        {
            Connect grant = new(new FlowEdge(state.NextEdge, from, to));
            FlowDecision decision = state.Apply(grant);
            if (decision.Refusal is { } refusal)
            {
                return new WallRefusal(cells is [var cell, ..] ? cell : null, state, grant, refusal, resource.Rule);
            }

            state = decision.State;
        }

        return null;
    }
}
