using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

public sealed class ExplanationTests
{
    private readonly Session _session = new();

    [Fact]
    public void A_path_is_read_from_the_source_to_the_meeting_and_on_to_the_sink()
    {
        NodeId db = _session.Knowing("db:customers"), tmp = _session.Cell("tmp"), net = _session.Cell("net-3");
        _session.Connect(db, tmp);
        _session.Connect(tmp, net);
        AcquireSink asked = new(net, Session.Tags("net:internet"), "github.com:443");
        FlowRefusal refusal = _session.Refused(asked, RefusalReason.Conflict, "customer data");
        Assert.Equal(net, refusal.Node);

        FlowExplanation explanation = FlowExplanation.Of(refusal);
        TagPath source = explanation.Paths.Single(path => !path.IsSink), sink = explanation.Paths.Single(path => path.IsSink);
        Assert.Equal(
            [
                new PathStep(ArrivalKind.Acquired, db, db, "db:customers's resource", 2),
                new PathStep(ArrivalKind.Edge, db, tmp, "", 5),
                new PathStep(ArrivalKind.Edge, tmp, net, "", 6),
            ],
            source.Steps);
        Assert.Equal([new PathStep(ArrivalKind.Acquired, net, net, "github.com:443", 7)], sink.Steps);
    }

    [Fact]
    public void Who_knows_less_is_told_the_name_of_the_rule_only()
    {
        NodeId db = _session.Knowing("db:customers"), net = _session.Holding("net:internet");
        FlowRefusal refusal = _session.Refused(_session.Edge(db, net), RefusalReason.Conflict, "customer data");
        FlowExplanation whole = FlowExplanation.Of(refusal);
        Assert.Same(whole, whole.For(Session.Tags("db:customers")));

        FlowExplanation redacted = whole.For(_session.State[net].History);
        Assert.Equal("customer data", redacted.Refusal.Conflict?.Name);
        Assert.Empty(redacted.Paths);
        Assert.True(redacted.Refusal.Tags.IsEmpty);
        Assert.Empty(redacted.Refusal.Attempt.Nodes);
    }

    [Fact]
    public void A_running_cell_may_have_its_other_side_cut_off()
    {
        NodeId cell = _session.Holding("net:internet"), log = _session.Cell("log");
        FlowEdge out1 = _session.Connect(cell, _session.Holding("net:internet"));
        _session.Connect(cell, log);
        AcquireSource asked = new(cell, Session.Tags("db:customers"), "db");
        FlowRefusal refusal = _session.Refused(asked, RefusalReason.Conflict, "customer data");

        WayOn.Sever sever = Assert.Single(_session.WaysOn(asked, refusal).OfType<WayOn.Sever>());
        Assert.Equal([new Disconnect(out1), new DropSink(cell, Session.Tags("net:internet"))], sever.Cuts);
        Assert.Equal(new WayOn.Elsewhere(cell), Assert.Single(_session.WaysOn(asked, refusal).OfType<WayOn.Elsewhere>()));
        foreach (FlowOperation cut in sever.Cuts)
        {
            _session.Do(cut);
        }

        _session.Do(asked);
    }

    [Fact]
    public void Who_knows_too_much_is_sent_elsewhere_without_what_it_knows()
    {
        AcquireSink asked = new(_session.Knowing("db:customers"), Session.Tags("net:internet"), "net");
        FlowRefusal refusal = _session.Refused(asked, RefusalReason.Conflict, "customer data");
        Assert.Contains(new WayOn.Elsewhere(null), _session.WaysOn(asked, refusal));
        Assert.Empty(_session.WaysOn(asked, refusal).OfType<WayOn.Sever>());
    }
}
