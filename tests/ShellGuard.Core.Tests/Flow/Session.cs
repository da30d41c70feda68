using System.Collections.Immutable;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

/// <summary>A session to tell examples with: one policy with a conflict set of each kind, and a state that moves on.</summary>
internal sealed class Session
{
    public const int Count = 0;
    public const int Alice = 1;

    private static readonly TagUniverse _universe = new(
        ["db:customers", "net:internet", "usb", "private", "web", "egress", "client:a", "client:b", "left", "right"]);

    public Session(bool strict = false) => State = FlowState.Empty(new FlowPolicy(
        _universe,
        [
            Conflict("customer data", 1, ConflictMode.Flow, false, "db:customers", "net:internet"),
            Conflict("customer data on sticks", 1, ConflictMode.Flow, false, "db:customers", "usb"),
            Conflict("trifecta", 2, ConflictMode.Flow, false, "private", "web", "egress"),
            Conflict("clients", 1, ConflictMode.Wall, false, "client:a", "client:b"),
            Conflict("not at the same time", 1, ConflictMode.Flow, true, "left", "right"),
        ],
        [
            new Gate("count", GateKind.Filter, Tags("db:customers"), Tags("net:internet"), 512, Rule("filter count")),
            new Gate("alice", GateKind.Approval, Tags("db:customers"), Tags("net:internet"), 8_000, Rule("approver alice")),
        ],
        strict));

    public FlowState State { get; private set; }

    public FlowPolicy Policy => State.Policy;

    public static TagSet Tags(params ReadOnlySpan<string> names) => _universe.Set(names);

    public NodeId Cell(string name, NodeId? parent = null, Clearance? clearance = null, params ReadOnlySpan<string> label)
    {
        NodeId cell = State.NextNode;
        Do(new CreateCell(cell, name, parent, Tags(label), clearance ?? Clearance.Everything));
        return cell;
    }

    public NodeId Layer(string name, params ReadOnlySpan<string> label)
    {
        NodeId layer = State.NextNode;
        Do(new CreateLayer(layer, name, Tags(label)));
        return layer;
    }

    public NodeId Service(string name, bool mailbox, TagSet sources = default, TagSet sinks = default)
    {
        NodeId service = State.NextNode;
        Do(new CreateService(service, name, sources, sinks, mailbox));
        return service;
    }

    public FlowEdge Connect(NodeId from, NodeId to)
    {
        FlowEdge edge = new(State.NextEdge, from, to);
        Do(new Connect(edge));
        return edge;
    }

    public Connect Edge(NodeId from, NodeId to) => new(new FlowEdge(State.NextEdge, from, to));

    /// <summary>A cell with a source of its own.</summary>
    public NodeId Knowing(string source)
    {
        NodeId cell = Cell(source);
        Do(new AcquireSource(cell, Tags(source), $"{source}'s resource"));
        return cell;
    }

    /// <summary>A cell with a sink of its own.</summary>
    public NodeId Holding(string sink)
    {
        NodeId cell = Cell(sink);
        Do(new AcquireSink(cell, Tags(sink), $"{sink}'s resource"));
        return cell;
    }

    public FlowDecision Do(FlowOperation operation)
    {
        FlowDecision decision = State.Apply(operation);
        Assert.True(decision.Allowed, $"{operation}: {decision.Refusal?.Reason} {decision.Refusal?.Conflict?.Name}");
        State = decision.State;
        return decision;
    }

    /// <summary>Expects a refusal, and that it changes nothing.</summary>
    public FlowRefusal Refused(FlowOperation operation, RefusalReason reason, string? conflict = null)
    {
        FlowDecision decision = State.Apply(operation);
        Assert.NotNull(decision.Refusal);
        Assert.Equal(reason, decision.Refusal.Reason);
        Assert.Equal(conflict, decision.Refusal.Conflict?.Name);
        Assert.Same(State, decision.State);
        return decision.Refusal;
    }

    public ImmutableArray<WayOn> WaysOn(FlowOperation operation, FlowRefusal refusal) =>
        ShellGuard.Core.Flow.WaysOn.Of(State, operation, refusal);

    private static ConflictSet Conflict(
        string name, int atMost, ConflictMode mode, bool exclusive, params ReadOnlySpan<string> members) =>
        new(name, atMost, Tags(members), mode, exclusive, Rule(name));

    private static RuleSource Rule(string text) => new("policy.toml", 1, 1, text);
}
