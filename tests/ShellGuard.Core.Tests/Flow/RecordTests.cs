using ShellGuard.Core.Events;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

/// <summary>What stands in a journal gives the graph again.</summary>
public sealed class RecordTests
{
    private static readonly RuleSource Rule = new("test", 1, 1, "");
    private static readonly TagUniverse Universe = new(["db", "net", "web"]);
    private static readonly FlowPolicy Policy = new(
        Universe, [], [new Gate("count", GateKind.Filter, Universe.Set("db"), Universe.Set("net"), 100, Rule)], strict: false);

    private static readonly FlowOperation[] Every =
    [
        new CreateHuman(new NodeId(0), "ann", TagSet.All),
        new CreateService(new NodeId(1), "database", Universe.Set("db"), Universe.Set("net", "web"), Mailbox: true),
        new CreateLayer(new NodeId(2), "files", Universe.Set("db")),
        new CreateCell(new NodeId(3), "db", null, Universe.Set("db"), Clearance.Pinned(Universe.Set("db"), TagSet.Empty)),
        new CreateCell(new NodeId(4), "child", new NodeId(3), TagSet.Empty, Clearance.Everything),
        new CreateCell(new NodeId(5), "lobby", null, TagSet.Empty, Clearance.Everything),
        new Connect(new FlowEdge(0, new NodeId(1), new NodeId(3))),
        new Connect(new FlowEdge(1, new NodeId(3), new NodeId(2))),
        new AcquireSource(new NodeId(4), Universe.Set("web"), "a page"),
        new AcquireSink(new NodeId(5), Universe.Set("net"), "github.com:443"),
        new DropSink(new NodeId(5), Universe.Set("net")),
        new FillGate(0, 20),
        new PassGate(0, new NodeId(3), new NodeId(5), 7),
        new PublishLayer(new NodeId(3), new NodeId(2)),
        new FreezeCell(new NodeId(4)),
        new ThawCell(new NodeId(4)),
        new Disconnect(new FlowEdge(1, new NodeId(3), new NodeId(2))),
        new EndCell(new NodeId(4)),
    ];

    [Fact]
    public void Every_operation_comes_back()
    {
        Assert.Equal(
            [.. Enum.GetValues<FlowOperationKind>()],
            Every.Select(operation => FlowRecord.Of(Policy, operation).Operation).Distinct().Order());
        foreach (FlowOperation operation in Every)
        {
            Assert.Equal(operation, FlowRecord.ToOperation(Policy, FlowRecord.Of(Policy, operation)));
        }
    }

    [Fact]
    public void A_journal_gives_the_graph_without_its_policy()
    {
        FlowDecision decision = FlowState.Replay(Policy, Every);
        Assert.True(decision.Allowed);
        FlowState replayed = FlowReplay.Of([.. Every.Select(operation => FlowRecord.Of(Policy, operation))]);
        Assert.Equal(decision.State.Nodes.Length, replayed.Nodes.Length);
        for (int i = 0; i < replayed.Nodes.Length; i++)
        {
            FlowNode expected = decision.State.Nodes[i];
            FlowNode node = replayed.Nodes[i];
            Assert.Equal((expected.Name, expected.Kind, expected.Ended), (node.Name, node.Kind, node.Ended));
            Assert.Equal(expected.Out, node.Out);
            Assert.Equal(
                expected.Reach.Select(decision.State.Policy.NameOf).Order(), node.Reach.Select(replayed.Policy.NameOf).Order());
        }
    }

    /// <summary>Of a gate that this session did not use, too.</summary>
    [Fact]
    public void A_mark_that_an_earlier_session_left_stays_one()
    {
        FlowState replayed = FlowReplay.Of(
        [
            new FlowEvent(FlowOperationKind.CreateLayer) { Node = 0, Name = "committed", Label = ["db:customers/count"] },
            new FlowEvent(FlowOperationKind.CreateCell) { Node = 1, Name = "lobby" },
            new FlowEvent(FlowOperationKind.Connect) { Edge = 0, Node = 0, Other = 1 },
        ]);
        Assert.Equal(["db:customers/count"], replayed.Nodes[1].History.Select(replayed.Policy.NameOf));
        Assert.Equal("count", replayed.Policy.GateOf(Assert.Single(replayed.Nodes[1].History))?.Name);
    }

    [Fact]
    public void What_names_what_there_is_not_is_refused()
    {
        Assert.Throws<FormatException>(() => FlowRecord.ToOperation(
            Policy, new FlowEvent(FlowOperationKind.CreateLayer) { Label = ["no such tag"] }));
        Assert.Throws<FormatException>(() => FlowRecord.ToOperation(
            Policy, new FlowEvent(FlowOperationKind.FillGate) { Gate = "no such gate" }));
        Assert.Throws<FormatException>(() => FlowRecord.ToOperation(Policy, new FlowEvent(FlowOperationKind.Connect)));
        Assert.Throws<FormatException>(() => FlowRecord.ToOperation(Policy, new FlowEvent((FlowOperationKind)99)));
        Assert.Throws<FormatException>(() => FlowReplay.Of([new FlowEvent(FlowOperationKind.EndCell) { Node = 7 }]));
    }
}
