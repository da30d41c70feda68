using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow;

/// <summary>What the model allows and refuses, told by the examples that people ask for.</summary>
public sealed class WallTests
{
    private const string Customers = "customer data";
    private readonly Session _session = new();

    [Fact]
    public void Both_sides_work_beside_each_other()
    {
        NodeId db = _session.Knowing("db:customers");
        NodeId net = _session.Holding("net:internet");
        NodeId wc = _session.Cell("wc");
        _session.Connect(db, wc);
        _session.Connect(net, _session.Cell("less"));
        _session.Refused(_session.Edge(db, net), RefusalReason.Conflict, Customers);
        _session.Refused(_session.Edge(wc, net), RefusalReason.Conflict, Customers);
    }

    [Fact]
    public void Data_may_go_from_the_internet_to_the_database() =>
        _session.Connect(_session.Holding("net:internet"), _session.Knowing("db:customers"));

    [Fact]
    public void Late_knowledge_is_refused_for_what_lies_behind_the_relay()
    {
        NodeId first = _session.Cell("first"), second = _session.Cell("second");
        _session.Connect(first, second);
        _session.Connect(second, _session.Holding("net:internet"));
        FlowRefusal refusal = _session.Refused(
            new AcquireSource(first, Session.Tags("db:customers"), "db"), RefusalReason.Conflict, Customers);
        Assert.Equal(Session.Tags("db:customers", "net:internet"), refusal.Tags);
    }

    [Fact]
    public void Who_dropped_the_internet_takes_the_database_and_never_again_the_internet()
    {
        NodeId cell = _session.Holding("net:internet");
        AcquireSource database = new(cell, Session.Tags("db:customers"), "db");
        _session.Refused(database, RefusalReason.Conflict, Customers);
        _session.Do(new DropSink(cell, Session.Tags("net:internet")));
        _session.Do(database);
        _session.Refused(new AcquireSink(cell, Session.Tags("net:internet"), "net"), RefusalReason.Conflict, Customers);
    }

    [Fact]
    public void Behind_a_wall_dropping_does_not_help_nor_does_a_child()
    {
        NodeId cell = _session.Holding("client:a");
        _session.Do(new DropSink(cell, Session.Tags("client:a")));
        NodeId child = _session.Cell("child", cell);
        _session.Refused(new AcquireSource(cell, Session.Tags("client:b"), "b"), RefusalReason.Conflict, "clients");
        FlowRefusal refusal = _session.Refused(
            new AcquireSource(child, Session.Tags("client:b"), "b"), RefusalReason.Conflict, "clients");

        TagPath past = FlowExplanation.Of(refusal).Paths.Single(path => path.IsSink);
        Assert.Equal([ArrivalKind.Spawned, ArrivalKind.Acquired], past.Steps.Select(step => step.Kind));
    }

    [Fact]
    public void Of_three_two_may_meet()
    {
        NodeId agent = _session.Holding("egress");
        _session.Do(new AcquireSource(agent, Session.Tags("web"), "page"));
        _session.Refused(new AcquireSource(agent, Session.Tags("private"), "notes"), RefusalReason.Conflict, "trifecta");
    }

    [Fact]
    public void A_mailbox_joins_those_who_reach_it_and_an_opaque_service_does_not()
    {
        NodeId gist = _session.Service("gist", mailbox: true), server = _session.Service("server", mailbox: false);
        NodeId db = _session.Knowing("db:customers"), net = _session.Holding("net:internet");
        _session.Connect(db, gist);
        _session.Refused(_session.Edge(gist, net), RefusalReason.Conflict, Customers);
        _session.Connect(db, server);
        _session.Connect(server, net);
    }

    [Fact]
    public void A_service_that_is_a_sink_is_reached_by_who_sends_to_it()
    {
        NodeId github = _session.Service("github.com:443", mailbox: false, sinks: Session.Tags("net:internet"));
        FlowRefusal refusal = _session.Refused(
            _session.Edge(_session.Knowing("db:customers"), github), RefusalReason.Conflict, Customers);
        TagPath sink = FlowExplanation.Of(refusal).Paths.Single(path => path.IsSink);
        Assert.Equal("github.com:443", sink.Steps[^1].What);
    }

    [Fact]
    public void A_person_sees_what_the_clearance_has_and_joins_nobody()
    {
        NodeId ann = _session.State.NextNode;
        _session.Do(new CreateHuman(ann, "ann", Session.Tags("db:customers")));
        NodeId db = _session.Knowing("db:customers");
        _session.Connect(db, ann);
        _session.Connect(ann, _session.Holding("net:internet"));
        FlowRefusal refusal = _session.Refused(
            _session.Edge(_session.Knowing("client:a"), ann), RefusalReason.Clearance);
        Assert.Equal(ann, refusal.Node);
    }

    [Fact]
    public void Files_join_a_layer_that_has_their_label()
    {
        NodeId db = _session.Knowing("db:customers");
        NodeId layer = _session.Layer("db", "db:customers"), low = _session.Layer("base");
        _session.Refused(new PublishLayer(db, low), RefusalReason.Clearance);
        _session.Do(new EndCell(db));
        _session.Do(new PublishLayer(db, layer));
        _session.Refused(_session.Edge(layer, _session.Holding("net:internet")), RefusalReason.Conflict, Customers);
    }

    [Fact]
    public void Who_writes_into_a_shared_layer_is_held_to_its_label()
    {
        NodeId cell = _session.Cell("build"), layer = _session.Layer("base");
        FlowEdge mount = _session.Connect(cell, layer);
        AcquireSource database = new(cell, Session.Tags("db:customers"), "db");
        FlowRefusal refusal = _session.Refused(database, RefusalReason.Clearance);
        Assert.Equal(layer, refusal.Node);
        WayOn.Sever way = Assert.Single(_session.WaysOn(database, refusal).OfType<WayOn.Sever>());
        Assert.Equal([new Disconnect(mount)], way.Cuts);
    }

    [Fact]
    public void A_pinned_cell_learns_nothing_new()
    {
        TagSet label = Session.Tags("db:customers");
        NodeId cell = _session.Cell("db", null, Clearance.Pinned(label, TagSet.Empty), "db:customers");
        Assert.True(_session.State[cell].Pinned);
        _session.Connect(_session.Knowing("db:customers"), cell);
        _session.Refused(new AcquireSource(cell, Session.Tags("private"), "notes"), RefusalReason.Clearance);
        _session.Refused(new AcquireSink(cell, Session.Tags("egress"), "net"), RefusalReason.Clearance);
        NodeId other = _session.Knowing("private");
        _session.Refused(
            new CreateCell(_session.State.NextNode, "child", other, label, Clearance.Pinned(label, TagSet.Empty)),
            RefusalReason.Clearance);
    }

    [Theory]
    [InlineData(false, ExitReport.Bit)]
    [InlineData(true, ExitReport.Nothing)]
    public void The_exit_status_goes_to_who_knows_as_much(bool strict, ExitReport lower)
    {
        Session session = new(strict);
        NodeId lobby = session.Cell("lobby");
        NodeId plain = session.Cell("plain", lobby), tainted = session.Cell("tainted", lobby), orphan = session.Cell("orphan");
        session.Do(new AcquireSource(tainted, Session.Tags("private"), "notes"));
        Assert.Equal(ExitReport.Status, session.Do(new EndCell(plain)).Exit);
        Assert.Equal(lower, session.Do(new EndCell(tainted)).Exit);
        Assert.Equal(ExitReport.Nothing, session.Do(new EndCell(orphan)).Exit);
    }

    [Fact]
    public void One_side_is_stopped_while_the_other_runs()
    {
        NodeId left = _session.Knowing("left"), right = _session.Cell("right");
        AcquireSink acquire = new(right, Session.Tags("right"), "r");
        FlowRefusal refusal = _session.Refused(acquire, RefusalReason.Exclusive, "not at the same time");
        WayOn.FreezeOthers way = Assert.Single(_session.WaysOn(acquire, refusal).OfType<WayOn.FreezeOthers>());
        Assert.Equal([new FreezeCell(left)], way.Cells);
        _session.Do(way.Cells[0]);
        _session.Do(acquire);
        _session.Refused(new ThawCell(left), RefusalReason.Exclusive, "not at the same time");
        _session.Do(new EndCell(right));
        _session.Do(new ThawCell(left));
    }
}
