using ShellGuard.Core.Events;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>Operations of the flow model as events of a journal, and back.</summary>
public static class FlowRecord
{
    /// <summary>Stands for every tag, also those that a later policy has.</summary>
    private const string Every = "*";

    /// <summary>The event for an operation.</summary>
    public static FlowEvent Of(FlowPolicy policy, FlowOperation operation) => operation switch
    {
        CreateCell create => new FlowEvent(FlowOperationKind.CreateCell)
        {
            Node = create.Cell.Value,
            Name = create.Name,
            Other = create.Parent?.Value,
            Label = Names(policy, create.Label),
            Clearance = Names(policy, create.Clearance.Sources),
            Sinks = Names(policy, create.Clearance.Sinks),
        },
        CreateLayer create => new FlowEvent(FlowOperationKind.CreateLayer)
        {
            Node = create.Layer.Value,
            Name = create.Name,
            Label = Names(policy, create.Label),
        },
        CreateService create => new FlowEvent(FlowOperationKind.CreateService)
        {
            Node = create.Service.Value,
            Name = create.Name,
            Label = Names(policy, create.Sources),
            Sinks = Names(policy, create.Sinks),
            Mailbox = create.Mailbox,
        },
        CreateHuman create => new FlowEvent(FlowOperationKind.CreateHuman)
        {
            Node = create.Human.Value,
            Name = create.Name,
            Label = Names(policy, create.Clearance),
        },
        AcquireSource acquire => new FlowEvent(FlowOperationKind.AcquireSource)
        {
            Node = acquire.Cell.Value,
            Name = acquire.Resource,
            Label = Names(policy, acquire.Tags),
        },
        AcquireSink acquire => new FlowEvent(FlowOperationKind.AcquireSink)
        {
            Node = acquire.Cell.Value,
            Name = acquire.Resource,
            Sinks = Names(policy, acquire.Tags),
        },
        Connect { Edge: var edge } => OfEdge(FlowOperationKind.Connect, edge),
        Disconnect { Edge: var edge } => OfEdge(FlowOperationKind.Disconnect, edge),
        DropSink drop => new FlowEvent(FlowOperationKind.DropSink)
        {
            Node = drop.Cell.Value,
            Sinks = Names(policy, drop.Tags),
        },
        PublishLayer publish => new FlowEvent(FlowOperationKind.PublishLayer)
        {
            Node = publish.Cell.Value,
            Other = publish.Layer.Value,
        },
        EndCell end => new FlowEvent(FlowOperationKind.EndCell) { Node = end.Cell.Value },
        FillGate fill => new FlowEvent(FlowOperationKind.FillGate)
        {
            Gate = policy.Gates[fill.Gate].Name,
            Bits = fill.Bits,
        },
        PassGate pass => new FlowEvent(FlowOperationKind.PassGate)
        {
            Gate = policy.Gates[pass.Gate].Name,
            Node = pass.From.Value,
            Other = pass.To.Value,
            Bits = pass.Bits,
        },
        FreezeCell freeze => new FlowEvent(FlowOperationKind.FreezeCell) { Node = freeze.Cell.Value },
        ThawCell thaw => new FlowEvent(FlowOperationKind.ThawCell) { Node = thaw.Cell.Value },
        _ => throw new ArgumentException($"no event for {operation.GetType().Name}", nameof(operation)),
    };

    /// <summary>The operation that an event tells of.</summary>
    /// <exception cref="FormatException">The policy has no such tag or gate, or the event is no whole one.</exception>
    public static FlowOperation ToOperation(FlowPolicy policy, FlowEvent what)
    {
        NodeId node = new(what.Node);
        return what.Operation switch
        {
            FlowOperationKind.CreateCell => new CreateCell(
                node, what.Name, what.Other is { } parent ? new NodeId(parent) : null, Tags(policy, what.Label),
                new Clearance(Tags(policy, what.Clearance), Tags(policy, what.Sinks))),
            FlowOperationKind.CreateLayer => new CreateLayer(node, what.Name, Tags(policy, what.Label)),
            FlowOperationKind.CreateService => new CreateService(
                node, what.Name, Tags(policy, what.Label), Tags(policy, what.Sinks), what.Mailbox),
            FlowOperationKind.CreateHuman => new CreateHuman(node, what.Name, Tags(policy, what.Label)),
            FlowOperationKind.AcquireSource => new AcquireSource(node, Tags(policy, what.Label), what.Name),
            FlowOperationKind.AcquireSink => new AcquireSink(node, Tags(policy, what.Sinks), what.Name),
            FlowOperationKind.Connect => new Connect(EdgeOf(what)),
            FlowOperationKind.Disconnect => new Disconnect(EdgeOf(what)),
            FlowOperationKind.DropSink => new DropSink(node, Tags(policy, what.Sinks)),
            FlowOperationKind.PublishLayer => new PublishLayer(node, OtherOf(what)),
            FlowOperationKind.EndCell => new EndCell(node),
            FlowOperationKind.FillGate => new FillGate(GateOf(policy, what), what.Bits),
            FlowOperationKind.PassGate => new PassGate(GateOf(policy, what), node, OtherOf(what), what.Bits),
            FlowOperationKind.FreezeCell => new FreezeCell(node),
            FlowOperationKind.ThawCell => new ThawCell(node),
            _ => throw new FormatException($"flow operation {(int)what.Operation}, which this version does not know"),
        };
    }

    private static FlowEvent OfEdge(FlowOperationKind kind, FlowEdge edge) => new(kind)
    {
        Edge = edge.Number,
        Node = edge.From.Value,
        Other = edge.To.Value,
    };

    private static FlowEdge EdgeOf(FlowEvent what) => what.Edge is { } number
        ? new FlowEdge(number, new NodeId(what.Node), OtherOf(what))
        : throw new FormatException("an edge without a number");

    private static NodeId OtherOf(FlowEvent what) =>
        new(what.Other ?? throw new FormatException($"{what.Operation} without its other node"));

    private static int GateOf(FlowPolicy policy, FlowEvent what)
    {
        for (int i = 0; i < policy.Gates.Length; i++)
        {
            if (policy.Gates[i].Name == what.Gate)
            {
                return i;
            }
        }

        throw new FormatException($"the policy has no gate {SafeText.Shorten(what.Gate, 60)}");
    }

    private static string[] Names(FlowPolicy policy, TagSet tags) =>
        tags == TagSet.All ? [Every] : [.. tags.Select(policy.NameOf)];

    private static TagSet Tags(FlowPolicy policy, IReadOnlyList<string> names)
    {
        if (names is [Every])
        {
            return TagSet.All;
        }

        TagSet tags = TagSet.Empty;
        foreach (string name in names)
        {
            tags |= policy.TryFind(name, out Tag tag)
                ? TagSet.Of(tag)
                : throw new FormatException($"the policy has no tag {SafeText.Shorten(name, 60)}");
        }

        return tags;
    }
}
