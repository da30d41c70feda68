using System.Reflection;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Core.Tests.Flow.Search;

namespace ShellGuard.Core.Tests.Flow;

/// <summary>Operations as a journal has them.</summary>
public sealed class OperationTests
{
    private static readonly Type[] _plain =
        [typeof(NodeId), typeof(NodeId?), typeof(string), typeof(TagSet), typeof(Clearance), typeof(FlowEdge), typeof(int), typeof(long), typeof(bool)];

    public static TheoryData<Type> Kinds => [.. typeof(FlowOperation).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(FlowOperation)))];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_operation_is_plain_data(Type kind)
    {
        Assert.True(kind.IsSealed);
        ParameterInfo[] parts = Assert.Single(kind.GetConstructors()).GetParameters();
        Assert.All(parts, part => Assert.Contains(part.ParameterType, _plain));
    }

    [Fact]
    public void The_search_draws_every_kind_of_operation()
    {
        HashSet<Type> drawn = [];
        for (ulong seed = 1; seed <= 200; seed++)
        {
            Trace trace = new(seed);
            trace.Run();
            drawn.UnionWith(trace.Done.Select(operation => operation.GetType()));
        }

        Assert.Equal(Kinds.Select(row => row.Data.Name).Order(), drawn.Select(type => type.Name).Order());
    }

    /// <summary>A supervisor that died at any point starts from what the journal has, and is where it was.</summary>
    [Fact]
    public void A_journal_cut_anywhere_replays_to_what_was()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            List<string> states = [];
            Trace trace = new(seed);
            Assert.Null(trace.Run(state =>
            {
                if (state.Step > states.Count)
                {
                    states.Add(Print(state));
                }
            }));
            for (int cut = 1; cut <= trace.Done.Count; cut += 7)
            {
                FlowDecision replayed = FlowState.Replay(trace.State.Policy, trace.Done.Take(cut));
                Assert.True(replayed.Allowed);
                Assert.Equal(states[cut - 1], Print(replayed.State));
            }
        }
    }

    [Fact]
    public void A_journal_that_does_not_fit_gives_no_state()
    {
        Session session = new();
        CreateCell cell = new(new NodeId(0), "cell", null, TagSet.Empty, Clearance.Everything);
        FlowDecision replayed = FlowState.Replay(session.Policy, [cell, cell]);
        Assert.Equal(RefusalReason.Malformed, replayed.Refusal?.Reason);
    }

    public static TheoryData<FlowOperation> Nonsense =>
    [
        new Unheard(),
        new CreateCell(new NodeId(9), "", null, TagSet.Empty, Clearance.Everything),
        new CreateCell(new NodeId(3), "", new NodeId(1), TagSet.Empty, Clearance.Everything),
        new CreateCell(new NodeId(3), "", new NodeId(2), TagSet.Empty, Clearance.Everything),
        new CreateLayer(new NodeId(0), "", TagSet.Empty),
        new CreateService(new NodeId(-1), "", TagSet.Empty, TagSet.Empty, true),
        new CreateHuman(new NodeId(4), "", TagSet.Empty),
        new AcquireSource(new NodeId(1), TagSet.Empty, ""),
        new AcquireSource(new NodeId(2), TagSet.Empty, ""),
        new AcquireSink(new NodeId(7), TagSet.Empty, ""),
        new AcquireSink(new NodeId(1), TagSet.Empty, ""),
        new DropSink(new NodeId(2), TagSet.Empty),
        new Connect(new FlowEdge(0, new NodeId(0), new NodeId(0))),
        new Connect(new FlowEdge(1, new NodeId(0), new NodeId(1))),
        new Connect(new FlowEdge(0, new NodeId(0), new NodeId(2))),
        new Connect(new FlowEdge(0, new NodeId(1), new NodeId(1))),
        new Disconnect(new FlowEdge(0, new NodeId(0), new NodeId(1))),
        new PublishLayer(new NodeId(0), new NodeId(0)),
        new PublishLayer(new NodeId(1), new NodeId(1)),
        new EndCell(new NodeId(2)),
        new EndCell(new NodeId(1)),
        new FillGate(9, 1),
        new FillGate(0, -1),
        new PassGate(-1, new NodeId(1), new NodeId(0), 1),
        new PassGate(0, new NodeId(1), new NodeId(0), 0),
        new PassGate(0, new NodeId(0), new NodeId(1), 1),
        new PassGate(0, new NodeId(0), new NodeId(0), 1),
        new FreezeCell(new NodeId(1)),
        new ThawCell(new NodeId(2)),
    ];

    /// <summary>In a session with a cell, a layer, and a cell that has ended.</summary>
    [Theory]
    [MemberData(nameof(Nonsense))]
    public void What_makes_no_sense_is_refused(FlowOperation operation)
    {
        Session session = new();
        session.Cell("cell");
        session.Layer("layer");
        session.Do(new EndCell(session.Cell("ended")));
        session.Refused(operation, RefusalReason.Malformed);
    }

    private static string Print(FlowState state) => string.Join('\n', state.Nodes.Select(node =>
        $"{node.Id} {node.Kind} {node.Name} {node.Parent} {node.Conducts} {node.Clearance} {node.History} {node.Held} "
        + $"{node.Reach} {node.Reached} {node.Frozen} {node.Ended} {string.Join(',', node.Out)} {string.Join(',', node.In)}"))
        + $"\n{string.Join(',', state.Budgets)} {state.NextEdge} {state.Step}";

    private sealed record Unheard : FlowOperation;
}
