using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

public sealed class GateTests
{
    private readonly Session _session = new();
    private readonly NodeId _db, _net;

    public GateTests()
    {
        _db = _session.Knowing("db:customers");
        _net = _session.Holding("net:internet");
    }

    [Fact]
    public void A_gate_lets_out_what_it_was_filled_with()
    {
        _session.Refused(new PassGate(Session.Count, _db, _net, 1), RefusalReason.Budget);
        _session.Refused(new FillGate(Session.Count, 513), RefusalReason.Budget);
        _session.Do(new FillGate(Session.Count, 512));
        _session.Do(new PassGate(Session.Count, _db, _net, 500));
        Assert.Equal(12, _session.State.Budgets[Session.Count]);
        _session.Refused(new PassGate(Session.Count, _db, _net, 13), RefusalReason.Budget);
    }

    [Fact]
    public void An_approval_counts_once()
    {
        _session.Do(new FillGate(Session.Alice, 800));
        _session.Do(new PassGate(Session.Alice, _db, _net, 10));
        _session.Refused(new PassGate(Session.Alice, _db, _net, 10), RefusalReason.Budget);
    }

    [Fact]
    public void What_passed_may_go_where_the_gate_leads_and_nowhere_else()
    {
        _session.Do(new FillGate(Session.Count, 512));
        _session.Do(new PassGate(Session.Count, _db, _net, 64));
        NodeId curl = _session.Holding("net:internet"), stick = _session.Holding("usb");
        _session.Connect(_net, curl);
        FlowRefusal refusal = _session.Refused(_session.Edge(curl, stick), RefusalReason.Conflict, "customer data on sticks");

        TagPath path = FlowExplanation.Of(refusal).Paths.Single(path => !path.IsSink);
        Assert.Equal("db:customers/count", _session.Policy.NameOf(path.Tag));
        Assert.Equal(
            [ArrivalKind.Acquired, ArrivalKind.Gate, ArrivalKind.Edge, ArrivalKind.Edge], path.Steps.Select(step => step.Kind));
        Assert.Equal("count", path.Steps[1].What);
        Assert.Equal([_db, _db, _net, curl], path.Steps.Select(step => step.From));
    }

    [Fact]
    public void A_gate_takes_off_its_own_tags_only()
    {
        _session.Do(new AcquireSource(_db, Session.Tags("private"), "notes"));
        _session.Do(new AcquireSource(_net, Session.Tags("web"), "page"));
        _session.Do(new AcquireSink(_net, Session.Tags("egress"), "mail"));
        _session.Do(new FillGate(Session.Count, 512));
        _session.Refused(new PassGate(Session.Count, _db, _net, 64), RefusalReason.Conflict, "trifecta");
    }

    [Fact]
    public void A_gate_reaches_a_pinned_cell()
    {
        NodeId pinned = _session.Cell("net", null, Clearance.Pinned(TagSet.Empty, Session.Tags("net:internet")));
        _session.Do(new AcquireSink(pinned, Session.Tags("net:internet"), "net"));
        _session.Do(new FillGate(Session.Count, 512));
        _session.Do(new PassGate(Session.Count, _db, pinned, 64));
    }

    /// <summary>The search found this: a source must not vanish because a gate leads to a sink of the same name.</summary>
    [Fact]
    public void A_gate_frees_the_way_to_a_sink_and_no_source_of_that_name()
    {
        TagUniverse tags = new(["a", "b", "c"]);
        RuleSource rule = RuleSource.CommandLine("--gate");
        ConflictSet two = new("two", 2, tags.Set("a", "b", "c"), ConflictMode.Flow, false, rule);
        FlowPolicy policy = new(tags, [two], [new Gate("gate", GateKind.Filter, tags.Set("a"), tags.Set("b"), 8, rule)], false);
        TagSet throughGate = policy.Marks | tags.Set("b");
        Assert.True(policy.Excess(two, throughGate, tags.Set("b")).IsEmpty);
        Assert.Equal(3, policy.Excess(two, throughGate, tags.Set("c")).Count);
    }

    [Fact]
    public void A_refused_pipe_is_shown_the_gates()
    {
        Connect pipe = _session.Edge(_db, _net);
        FlowRefusal refusal = _session.Refused(pipe, RefusalReason.Conflict, "customer data");
        Assert.Equal(
            [new WayOn.ThroughGate(Session.Count, 0), new WayOn.ThroughGate(Session.Alice, 0)],
            _session.WaysOn(pipe, refusal).OfType<WayOn.ThroughGate>());
    }
}
