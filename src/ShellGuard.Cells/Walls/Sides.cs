using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.View;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Linux;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Cells.Walls;

/// <summary>The cells of a session that have a label, and their nodes in the flow graph. For one thread.</summary>
internal sealed partial class Sides : IDisposable
{
    private readonly SessionContext _session;
    private readonly WallRules _walls;
    private readonly LabelGroups _groups;
    private readonly FlowKeeper _flow;
    private readonly Turns _turns;
    private readonly HostFiles _host = new();
    private readonly Dictionary<LabelGroup, LabelCell> _running = [];
    private readonly Dictionary<LabelGroup, Side> _sides = [];
    private readonly Dictionary<LabelGroup, PlannedCell> _plans = [];
    private readonly SpareCells _spares;
    private readonly List<LabelGroup> _ended = [];
    private readonly Dictionary<TaggedResource, NodeId> _services = [];

    /// <summary>What is no resource, and yet joins those who are granted it.</summary>
    private readonly List<SharedNode> _places = [];

    /// <param name="lobby">The plan of the lobby.</param>
    /// <exception cref="SessionException">The policy itself breaks a wall.</exception>
    public Sides(SessionContext session, LabelGroups groups, FlowKeeper flow, CellPlan lobby)
    {
        _session = session;
        _groups = groups;
        _walls = session.Request.Policy.Walls!;
        _flow = flow;
        _turns = new Turns(flow);
        _spares = new SpareCells(session);
        flow.Before = WriteDown;
        Text = TextWith(null);
        Files = new Whereabouts(_walls, groups.Committed, lobby.View);
        Person = flow.State.NextNode;
        Demand(state => new CreateHuman(state.NextNode, session.Request.User.Name, TagSet.All));
        foreach (TaggedResource resource in _walls.Resources)
        {
            _services[resource] = flow.State.NextNode;
            Demand(state => new CreateService(
                state.NextNode, resource.Name, resource.Sources, resource.Sinks, !resource.Opaque));
        }

        foreach (SharedPlace place in SharedPlace.Of(_walls, session.Request.Policy))
        {
            _places.Add(new SharedNode(place, flow.State.NextNode));
            Demand(state => new CreateService(state.NextNode, place.Name, TagSet.Empty, TagSet.Empty, Mailbox: true));
        }

        FillGates();
        FindCommitted();
        _sides[groups.Lobby] = MakeSide(groups.Lobby, lobby.View);
        Lobby = flow.State.NextNode;
        if (Enter(groups.Lobby) is { } denial)
        {
            throw new SessionException(denial.Reason(Text));
        }
    }

    /// <summary>Where files live.</summary>
    public Whereabouts Files { get; }

    /// <summary>How refusals are told.</summary>
    public FlowText Text { get; }

    /// <summary>The same with other names for some nodes.</summary>
    public FlowText TextWith(Func<FlowNode, string?>? nameOf) => new() { WayOnOf = WayOnOf, TimeOf = _flow.TimeOf, NameOf = nameOf };

    /// <summary>The flow graph.</summary>
    public FlowKeeper Flow => _flow;

    /// <summary>The lobby's node.</summary>
    public NodeId Lobby { get; }

    /// <summary>The person's node.</summary>
    public NodeId Person { get; }

    public IEnumerable<LabelCell> Running => _running.Values;

    /// <summary>Whose turn it is, where sides never run at the same time.</summary>
    public Turns Turns => _turns;

    /// <summary>The layer of a group; null when it has none yet.</summary>
    public NodeId? LayerOf(LabelGroup group) => _sides.TryGetValue(group, out Side? side) ? side.Layer : null;

    /// <summary>The cell of a group, made when it is not there.</summary>
    /// <param name="needed">What a cell whose label grows has to know for what it is about to do.</param>
    /// <returns>A refusal of the flow model, or null.</returns>
    /// <exception cref="PlanException">It cannot be planned on this host.</exception>
    public FlowDenial? Open(LabelGroup group, out LabelCell? cell, TagSet needed = default)
    {
        if (group.Floating is { } rule)
        {
            return Open(group, rule, needed, out cell);
        }

        if (_running.TryGetValue(group, out cell))
        {
            return _turns.Resume(cell.Node);
        }

        PlannedCell planned = PlanOf(group);
        if (!_sides.ContainsKey(group))
        {
            _sides[group] = MakeSide(group, planned.Plan.View);
        }

        NodeId node = _flow.State.NextNode;
        if (_turns.Take(() => Enter(group)) is { } denial)
        {
            _turns.GiveBack();
            return denial;
        }

        try
        {
            cell = _running[group] = (_spares.Take(group, planned) ?? LabelCell.Make(_session, group, planned)).Begin(node);
            _turns.Add(node, cell.Init);
            return null;
        }
        catch
        {
            Demand(_ => new EndCell(node));
            _turns.GiveBack();
            throw;
        }
    }

    /// <summary>A cell has no process any more: it is not kept, so that the next one sees what changed meanwhile.</summary>
    public void End(LabelCell cell)
    {
        _running.Remove(cell.Group);
        cell.End();
        _turns.Remove(cell.Node);
        cell.Dispose();
        if (cell.Group.Floating is null)
        {
            Demand(_ => new EndCell(cell.Node));
            _ended.Add(cell.Group);
        }
        else
        {
            Rest(cell.Node);
        }

        _turns.GiveBack();
    }

    /// <summary>Makes ready for the next command of the sides whose cells ended; for when nobody waits.</summary>
    public void MakeSpares()
    {
        foreach (LabelGroup group in _ended.Where(group => !_running.ContainsKey(group)))
        {
            try
            {
                _spares.Make(group, PlanOf(group));
            }
            catch (Exception failure) when (failure is PlanException or LinuxException)
            {
                // Whoever wants one fails in the same way, and hears of it.
            }
        }

        _ended.Clear();
    }

    /// <summary>The node of a group whose cell runs.</summary>
    public NodeId NodeOf(LabelGroup group) => _running[group].Node;

    /// <summary>Whether edges would be refused. None is made.</summary>
    public FlowDenial? WouldRefuse(IReadOnlyList<(NodeId From, NodeId To)> edges) => WouldRefuse(edges, _flow.State);

    /// <param name="state">A state of the graph, perhaps one that is only thought of.</param>
    private static FlowDenial? WouldRefuse(IReadOnlyList<(NodeId From, NodeId To)> edges, FlowState state)
    {
        foreach ((NodeId from, NodeId to) in edges)
        {
            Connect operation = new(new FlowEdge(state.NextEdge, from, to));
            FlowDecision decision = state.Apply(operation);
            if (decision.Refusal is { } refusal)
            {
                return new FlowDenial(state, operation, refusal);
            }

            state = decision.State;
        }

        return null;
    }

    /// <summary>An edge is gone; perhaps with the end of its cell, which took all of its edges.</summary>
    public void Disconnect(FlowEdge edge)
    {
        if (_flow.State[edge.From].Out.Contains(edge))
        {
            Demand(_ => new Disconnect(edge));
        }
    }

    /// <summary>Makes edges, all of them or none.</summary>
    /// <returns>A refusal of the flow model, or null.</returns>
    public FlowDenial? Connect(IReadOnlyList<(NodeId From, NodeId To)> edges, out IReadOnlyList<FlowEdge> made)
    {
        int first = _flow.State.NextEdge;
        made = [.. edges.Select((edge, index) => new FlowEdge(first + index, edge.From, edge.To))];
        return _flow.Apply([.. edges.Select(edge => FlowKeeper.Edge(edge.From, edge.To))]);
    }

    public void Dispose()
    {
        foreach (LabelCell cell in _running.Values)
        {
            cell.End();
            _turns.Remove(cell.Node);
            cell.Dispose();
        }

        _turns.Remove(Lobby);
        _running.Clear();
        _spares.Dispose();
    }

    /// <summary>What the policy gives to a group, as edges of the graph; refused as a whole.</summary>
    private FlowDenial? Enter(LabelGroup group) => _flow.Apply(
        [.. EntryOf(group, _flow.State.NextNode, _sides.Select(side => (side.Key, side.Value.Layer)))]);

    /// <param name="node">Its node to be.</param>
    /// <param name="layers">The files of each group that has some.</param>
    private List<Func<FlowState, FlowOperation>> EntryOf(
        LabelGroup group, NodeId node, IEnumerable<(LabelGroup Group, NodeId Layer)> layers)
    {
        List<Func<FlowState, FlowOperation>> operations =
        [
            _ => new CreateCell(node, group.Name, null, group.Label, Clearance.Pinned(group.Label, group.Sinks)),
            FlowKeeper.Edge(node, Person),
        ];
        foreach ((LabelGroup other, NodeId layer) in layers)
        {
            if (other.Label.IsSubsetOf(group.Label))
            {
                operations.Add(FlowKeeper.Edge(layer, node));
            }

            if (other == group)
            {
                operations.Add(FlowKeeper.Edge(node, layer));
            }
        }

        AddCommitted(operations, node, group.Label);
        foreach (ResourceGrant grant in group.Cells.SelectMany(_walls.GrantsOf).DistinctBy(grant => (grant.Resource, grant.Sends)))
        {
            NodeId service = _services[grant.Resource];
            operations.Add(FlowKeeper.Edge(service, node));
            if (grant.Sends)
            {
                operations.Add(FlowKeeper.Edge(node, service));
            }
        }

        AddPlaces(operations, node, group);
        return operations;
    }

    /// <summary>What is no resource, and joins those who are granted it.</summary>
    private void AddPlaces(List<Func<FlowState, FlowOperation>> operations, NodeId node, LabelGroup group)
    {
        string[] names = [.. group.Cells.Select(cell => cell.Name), .. (group.IsLobby ? (string[])[group.Name] : [])];
        foreach (SharedNode shared in _places)
        {
            if (Array.Exists(names, shared.Place.Readers.Contains))
            {
                operations.Add(FlowKeeper.Edge(shared.Node, node));
            }

            if (Array.Exists(names, shared.Place.Writers.Contains))
            {
                operations.Add(FlowKeeper.Edge(node, shared.Node));
            }
        }
    }

    private Side MakeSide(LabelGroup group, ViewPlan view)
    {
        NodeId layer = _flow.State.NextNode;
        Demand(state => new CreateLayer(state.NextNode, $"files of {group.Name}", group.Label));
        _fixed = [.. _fixed, (group.Key, layer)];
        return new Side(layer, [.. view.Layers, .. view.Kept]);
    }

    /// <summary>The same plan as long as the same layers are below: what rules mean on this host is decided when the session
    /// starts.</summary>
    private PlannedCell PlanOf(LabelGroup group)
    {
        LabelView view = new(group.Key, [.. LayersBelow(group, group.Label)]);
        if (_plans.TryGetValue(group, out PlannedCell? known) && known.Below.SequenceEqual(view.Below))
        {
            return known;
        }

        CellPlan plan = PlanOf(group.Name, group.Policy, view);
        if (!_sides.ContainsKey(group))
        {
            Prepare(group.Name, plan, group.Key, group.Label);
        }

        Files.Add(group, plan.View);
        return _plans[group] = new PlannedCell(plan, view.Below);
    }

    /// <summary>The layers whose label another includes, the uppermost first.</summary>
    private IEnumerable<LayerPlan> LayersBelow(LabelGroup group, TagSet label) =>
        _sides.Where(side => side.Key != group && side.Key.Label.IsSubsetOf(label))
            .OrderByDescending(side => side.Key.Label.Count).ThenBy(side => side.Key.Key, StringComparer.Ordinal)
            .SelectMany(side => side.Value.Layers);

    private CellPlan PlanOf(string name, EffectivePolicy policy, LabelView view)
    {
        Caller caller = _session.Caller with
        {
            Cell = name,
            TerminalDescriptors = _session.Terminal.HasTerminal ? [0, 1, 2] : [],
            OutputFiles = [],
            NullDevices = [],
        };
        return _session.Terms.Apply(CellPlanner.PlanForJobs(
            policy, caller, _host, _session.Directory, _session.Concessions, view));
    }

    private void Prepare(string name, CellPlan plan, string key, TagSet label)
    {
        LinuxResult prepared = SessionLayout.Prepare(plan.View);
        if (prepared.Failed)
        {
            throw new PlanException($"the files of {name} cannot be kept: {prepared}");
        }

        SessionLayout.RecordBaselines(plan.View);
        LabelFile.Write(_session.Directory, key, label.Select(_walls.Flow.NameOf));
    }

    /// <summary>What cannot be refused.</summary>
    private void Demand(Func<FlowState, FlowOperation> operation)
    {
        if (_flow.Apply(operation) is { } denial)
        {
            throw new InvalidOperationException(denial.Reason(Text));
        }
    }

    private sealed record SharedNode(SharedPlace Place, NodeId Node);

    private sealed record Side(NodeId Layer, IReadOnlyList<LayerPlan> Layers);
}
