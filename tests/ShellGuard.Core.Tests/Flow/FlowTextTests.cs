using System.Collections.Immutable;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

public sealed class FlowTextTests
{
    private static readonly TagSet _customers = Session.Tags("db:customers");
    private readonly Session _session = new();

    [Fact]
    public void A_refusal_has_conflict_paths_and_ways_on()
    {
        NodeId db = _session.Cell("db-1"), tmp = _session.Cell("tmp"), net = _session.Cell("net-3");
        _session.Do(new AcquireSource(db, _customers, "customer database"));
        _session.Connect(db, tmp);
        _session.Connect(tmp, net);
        Assert.Equal(
            """
            net-3 may not reach github.com:443
              conflict "customer data": db:customers and net:internet, at most 1 (policy.toml:1)
              db:customers  customer database -> db-1 (operation 4) -> tmp (operation 5) -> net-3 (operation 6)
              net:internet  net-3 -> github.com:443 (now)
              ways on: in a cell of its own, started afresh without what this one knows
                       through the gate count (0 bits left)
                       through the gate alice (0 bits left)

            """,
            Explain(new AcquireSink(net, Session.Tags("net:internet"), "github.com:443"), new FlowText()));
    }

    [Fact]
    public void A_relay_is_told_with_the_edge_that_would_be_and_the_sink_behind_it()
    {
        NodeId db = _session.Cell("db-1", null, null, "db:customers"), tmp = _session.Cell("tmp"), net = _session.Cell("net-3");
        NodeId internet = _session.Service("the internet", mailbox: true, sinks: Session.Tags("net:internet"));
        _session.Connect(tmp, net);
        _session.Connect(net, internet);
        FlowText text = new()
        {
            NameOf = node => node.Id == db ? "psql (pid 9, db-1)" : null,
            TimeOf = step => step == 1 ? "14:02:11" : null,
            WayOnOf = way => way is WayOn.ThroughGate { Gate: Session.Count } ? "psql | shellguard filter count | curl" : "",
        };
        Assert.Equal(
            """
            psql (pid 9, db-1) may not send to tmp
              conflict "customer data": db:customers and net:internet, at most 1 (policy.toml:1)
              db:customers  psql (pid 9, db-1) (14:02:11) -> tmp (now)
              net:internet  tmp -> net-3 -> the internet
              ways on: psql | shellguard filter count | curl

            """,
            Explain(_session.Edge(db, tmp), text));
    }

    [Fact]
    public void Clearance_budget_and_time_have_their_own_reasons()
    {
        NodeId db = _session.Cell("db", null, null, "db:customers");
        NodeId pinned = _session.Cell("plain", null, Clearance.Pinned(TagSet.Empty, TagSet.Empty));
        Assert.Equal(
            "db may not send to plain\n"
            + "  clearance: plain may not have db:customers\n"
            + "  db:customers  db (operation 1) -> plain (now)\n",
            Explain(_session.Edge(db, pinned), new FlowText()));

        Assert.Equal(
            "plain may not get that from db through the gate count\n  it takes 8 bits, and 0 bits are left\n",
            Explain(new PassGate(Session.Count, db, pinned, 8), new FlowText()));
        Assert.Equal(
            "the gate count may not be given 513 bits\n  it holds 512 bits at most\n",
            Explain(new FillGate(Session.Count, 513), new FlowText()));

        NodeId left = _session.Cell("left", null, null, "left"), right = _session.Cell("right");
        Assert.Equal(
            """
            right may not get right side
              conflict "not at the same time": left and right, at most 1 at the same time, and left runs (policy.toml:1)
              left   left (operation 3)
              right  right side -> right (now)
              ways on: while left is stopped

            """,
            Explain(new AcquireSource(right, Session.Tags("right"), "right side"), new FlowText()));
        Assert.NotEqual(left, right);
    }

    [Fact]
    public void Behind_a_wall_it_says_that_the_past_counts()
    {
        NodeId cell = _session.Cell("worker");
        _session.Do(new AcquireSink(cell, Session.Tags("client:a"), "a's share"));
        _session.Do(new DropSink(cell, Session.Tags("client:a")));
        NodeId child = _session.Cell("child", cell);
        Assert.Equal(
            """
            child may not get b's files
              conflict "clients": client:a and client:b, at most 1, and what was once within reach counts for ever (policy.toml:1)
              client:b  b's files -> child (now)
              client:a  child -started-> worker -> a's share (operation 2)

            """,
            Explain(new AcquireSource(child, Session.Tags("client:b"), "b's files"), new FlowText(), ways: false));
    }

    [Fact]
    public void Who_knows_less_reads_the_rules_name_only()
    {
        NodeId db = _session.Knowing("db:customers"), net = _session.Holding("net:internet");
        Connect asked = _session.Edge(db, net);
        FlowExplanation redacted = FlowExplanation.Of(_session.Refused(asked, RefusalReason.Conflict, "customer data")).For(TagSet.Empty);
        string text = new FlowText { NameOf = _ => "what was asked for" }.Explain(_session.State, asked, redacted, []);
        Assert.Equal(
            "what was asked for may not send to what was asked for\n"
            + "  conflict \"customer data\"\n"
            + "  more must not be told here: it would say what others know\n",
            text);
    }

    [Fact]
    public void Names_are_no_pieces_of_paths_and_no_lines()
    {
        NodeId evil = _session.Cell("x -> net\n\u001b[2J"), net = _session.Holding("net:internet");
        _session.Do(new AcquireSource(evil, _customers, "a\"b"));
        string text = Explain(_session.Edge(evil, net), new FlowText());
        Assert.Contains("""  db:customers  "a\"b" -> "x -> net\n\x1b[2J" (operation 4) -> net:internet (now)""", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Every_operation_has_words_and_none_of_them_throws_on_what_is_not_there()
    {
        NodeId gone = new(77);
        FlowEdge edge = new(5, gone, new NodeId(78));
        FlowOperation[] operations =
        [
            new CreateCell(gone, "c", gone, TagSet.Empty, Clearance.Everything), new CreateLayer(gone, "l", TagSet.Empty),
            new CreateService(gone, "s", TagSet.Empty, TagSet.Empty, true), new CreateHuman(gone, "h", TagSet.Empty),
            new EndCell(gone), new FreezeCell(gone), new ThawCell(gone), new AcquireSource(gone, _customers, "r"),
            new AcquireSink(gone, _customers, "r"), new DropSink(gone, _customers), new Connect(edge), new Disconnect(edge),
            new PublishLayer(gone, gone), new FillGate(9, 1), new PassGate(9, gone, gone, 1),
        ];
        Assert.Equal(typeof(FlowOperation).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(FlowOperation))), operations.Length);
        foreach (FlowOperation operation in operations)
        {
            Assert.EndsWith("not any more\n", Explain(operation, new FlowText()), StringComparison.Ordinal);
        }
    }

    private string Explain(FlowOperation operation, FlowText text, bool ways = true)
    {
        FlowRefusal refusal = Assert.IsType<FlowRefusal>(_session.State.Apply(operation).Refusal);
        ImmutableArray<WayOn> offered = ways ? _session.WaysOn(operation, refusal) : [];
        return text.Explain(_session.State, operation, FlowExplanation.Of(refusal), offered);
    }
}
