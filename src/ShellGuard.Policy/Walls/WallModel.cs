using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>What a policy lets exist, put into the flow model: resources are services, and cells are joined to what their
/// own rules hand them. What the model refuses is kept and left out.</summary>
public sealed class WallModel
{
    private readonly WallRules _walls;
    private readonly List<(SharedPlace Place, NodeId Node)> _places = [];
    private readonly Dictionary<string, NodeId> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NodeId> _services = new(StringComparer.Ordinal);
    private readonly List<WallRefusal> _refusals = [];

    /// <summary>A session with the resources and no cell.</summary>
    /// <param name="policy">Also what joins cells without being a resource: endpoints and files that several of them are
    /// handed. Null to leave it out.</param>
    public WallModel(WallRules walls, EffectivePolicy? policy)
        : this(walls, policy is null ? [] : SharedPlace.Of(walls, policy))
    {
    }

    /// <param name="places">What joins cells without being a resource.</param>
    internal WallModel(WallRules walls, IEnumerable<SharedPlace> places)
    {
        _walls = walls;
        State = FlowState.Empty(walls.Flow);
        foreach (TaggedResource resource in walls.Resources)
        {
            CreateService create = new(
                State.NextNode, resource.Name, resource.Sources, resource.Sinks, Mailbox: !resource.Opaque);
            if (Try(null, create, resource.Rule))
            {
                _services.Add(resource.Name, create.Service);
            }
        }

        foreach (SharedPlace place in places)
        {
            CreateService create = new(State.NextNode, place.Name, TagSet.Empty, TagSet.Empty, Mailbox: true);
            if (Try(null, create, place.Rule))
            {
                _places.Add((place, create.Service));
            }
        }
    }

    public FlowState State { get; private set; }

    /// <summary>In the order in which it was tried.</summary>
    public IReadOnlyList<WallRefusal> Refusals => _refusals;

    /// <summary>A session in which all cells of the policy are.</summary>
    /// <remarks>The pinned ones first: a floating one takes what is left. Each is stopped when it has all that it is
    /// granted, so that what must only not run at the same time is let be.</remarks>
    public static WallModel OfAll(WallRules walls, EffectivePolicy policy)
    {
        WallModel model = new(walls, policy);
        model.Add(WallRules.LobbyOf(policy));
        foreach (CellRule cell in walls.Cells.OrderBy(cell => cell.Pinned ? 0 : 1))
        {
            model.Add(cell);
        }

        return model;
    }

    /// <summary>Adds a cell with all that its own rules hand it, and stops it.</summary>
    /// <returns>The cell; null if the model refuses it.</returns>
    public NodeId? Add(CellRule cell) => Add(cell, _ => true);

    /// <summary>Adds a cell with those resources that its own rules hand it and somebody wants.</summary>
    internal NodeId? Add(CellRule cell, Func<TaggedResource, bool> wanted)
    {
        NodeId node = State.NextNode;
        if (!Try(cell, new CreateCell(node, cell.Name, null, cell.Label, cell.Clearance), cell.Rule))
        {
            return null;
        }

        _cells.Add(cell.Name, node);
        foreach (ResourceGrant grant in _walls.GrantsOf(cell).Where(grant => wanted(grant.Resource)))
        {
            if (_services.TryGetValue(grant.Resource.Name, out NodeId service))
            {
                Join(cell, node, service, reads: true, grant.Sends, grant.Rule);
            }
        }

        foreach ((SharedPlace place, NodeId service) in _places)
        {
            Join(cell, node, service, place.Readers.Contains(cell.Name), place.Writers.Contains(cell.Name), place.Rule);
        }

        Try(cell, new FreezeCell(node), cell.Rule);
        return node;
    }

    /// <summary>The node of a cell that was added.</summary>
    public NodeId? NodeOf(CellRule cell) => _cells.TryGetValue(cell.Name, out NodeId node) ? node : null;

    /// <summary>The node of a resource; null if the model refuses it.</summary>
    internal NodeId? NodeOf(TaggedResource resource) =>
        _services.TryGetValue(resource.Name, out NodeId node) ? node : null;

    private void Join(CellRule cell, NodeId node, NodeId service, bool reads, bool sends, RuleSource rule)
    {
        if (reads)
        {
            Try(cell, new Connect(new FlowEdge(State.NextEdge, service, node)), rule);
        }

        if (sends)
        {
            Try(cell, new Connect(new FlowEdge(State.NextEdge, node, service)), rule);
        }
    }

    private bool Try(CellRule? cell, FlowOperation operation, RuleSource rule)
    {
        FlowDecision decision = State.Apply(operation);
        if (decision.Refusal is { } refusal)
        {
            _refusals.Add(new WallRefusal(cell, State, operation, refusal, rule));
            return false;
        }

        State = decision.State;
        return true;
    }
}
