using System.Text.RegularExpressions;
using System.Xml.Linq;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Drawing;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Drawing;

/// <summary>A session is drawn as it is, the same each time, and no name does anything in a drawing.</summary>
public sealed partial class FlowDrawingTests
{
    private readonly Session _session = new();

    [Fact]
    public void TheLinesHaveWhoHasWhatAndWhoReachesWhat()
    {
        FlowDrawing drawing = Sentence();
        Assert.Equal(
            """
            customer database (service, opaque)
              has db:customers
              -> db
            internet (service, mailbox)
              has db:customers/count
              holds net:internet
              <-> net
            db (cell, pinned)
              has db:customers
              -gate count-> net
              -x (conflict customer data) net
            net (cell, floating, stopped)
              has db:customers/count
              reaches net:internet
              <-> internet
            count (gate)
              lets db:customers to net:internet, 492 of 512 bits left
            alice (gate)
              lets db:customers to net:internet, 0 of 8000 bits left
            refused: db may not send to net: conflict customer data
            refused: net may not get customer database's dump: conflict customer data

            """,
            drawing.ToText());
        Assert.Equal(drawing.ToText(), drawing.ToText());
    }

    [Fact]
    public void TheGraphHasEveryNodeAndEdge()
    {
        string dot = Sentence().ToDot();
        Assert.Contains("  n0 [label=\"customer database\\n(service, opaque)\\nhas db:customers\", shape=component, style=\"filled,solid\", fillcolor=\"#d1e5f0\"];\n", dot, StringComparison.Ordinal);
        Assert.Contains("  n0 -> n2 [dir=forward];\n", dot, StringComparison.Ordinal);
        Assert.Contains("  n3 -> n1 [dir=both];\n", dot, StringComparison.Ordinal);
        Assert.Contains("  n2 -> n3 [label=\"gate count\", style=bold, color=\"#1b7837\"];\n", dot, StringComparison.Ordinal);
        Assert.Contains("  w4 -> n3 [label=\"conflict customer data\", style=dashed, arrowhead=tee", dot, StringComparison.Ordinal);
        AssertWellFormed(dot);
    }

    [Fact]
    public void ThePictureHasABoxForEachNodeAndAnArrowForEachEdge()
    {
        XDocument svg = XDocument.Parse(Sentence().ToSvg());
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal(5 + 1, svg.Root!.Elements(ns + "rect").Count());
        Assert.Equal(5, svg.Root.Elements(ns + "path").Count());
        Assert.Contains(svg.Descendants(ns + "text"), text => text.Value == "reaches net:internet");
        Assert.Equal(2, svg.Root.Elements(ns + "path").Count(path => path.Attribute("stroke-dasharray") is not null));
    }

    [Fact]
    public void CellsThatAreGoneAreShownOnlyOnDemand()
    {
        NodeId gone = _session.Cell("gone");
        _session.Do(new EndCell(gone));
        Assert.DoesNotContain("gone", new FlowDrawing(_session.State).ToText(), StringComparison.Ordinal);
        Assert.Contains("gone (cell, floating, gone)\n", new FlowDrawing(_session.State) { WithEnded = true }.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptySessionIsDrawnToo()
    {
        Assert.StartsWith("count (gate)", new FlowDrawing(_session.State).ToText(), StringComparison.Ordinal);
        Assert.NotNull(XDocument.Parse(new FlowDrawing(_session.State).ToSvg()).Root);
        AssertWellFormed(new FlowDrawing(_session.State).ToDot());
    }

    [Fact]
    public void NamesDoNothing()
    {
        const string Evil = "</text><script>\"\\\n\u001b[2J]--> & \u202e\udc80";
        NodeId cell = _session.Cell(Evil);
        AcquireSink asked = new(cell, Session.Tags("net:internet"), Evil + "2");
        FlowRefusal refusal = new(RefusalReason.Conflict, _session.Policy.Conflicts[0], cell, TagSet.Empty, _session.State);
        FlowDrawing drawing = new(_session.State) { Refused = [new RefusedOperation(asked, refusal)] };
        XDocument svg = XDocument.Parse(drawing.ToSvg());
        Assert.Empty(svg.Descendants("script"));
        Assert.Contains(svg.Descendants(), text => text.Value.StartsWith("</text><script>", StringComparison.Ordinal));
        AssertWellFormed(drawing.ToDot());
        Assert.DoesNotContain(drawing.ToText() + drawing.ToDot() + drawing.ToSvg(), c => char.IsControl(c) && c != '\n');
        Assert.Equal("other (cell, floating)", new FlowDrawing(_session.State) { NameOf = _ => "other" }.ToText().Split('\n')[0]);
    }

    [Fact]
    public void WhateverTheSessionBoxesDoNotOverlapAndTheFormsHold()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            FlowState state = RandomState(random);
            FlowDrawing drawing = new(state);
            Assert.Equal(drawing.ToSvg(), new FlowDrawing(state).ToSvg());
            AssertWellFormed(drawing.ToDot());
            XNamespace ns = "http://www.w3.org/2000/svg";
            XElement root = XDocument.Parse(drawing.ToSvg()).Root!;
            int width = (int)root.Attribute("width")!, height = (int)root.Attribute("height")!;
            (int X, int Y, int W, int H)[] boxes = [.. root.Elements(ns + "rect").Skip(1).Select(box => (
                (int)box.Attribute("x")!, (int)box.Attribute("y")!, (int)box.Attribute("width")!, (int)box.Attribute("height")!))];
            Assert.Equal(state.Nodes.Count(node => !node.Ended), boxes.Length);
            for (int i = 0; i < boxes.Length; i++)
            {
                Assert.True(boxes[i].X >= 0 && boxes[i].Y >= 0 && boxes[i].X + boxes[i].W <= width && boxes[i].Y + boxes[i].H <= height);
                for (int j = 0; j < i; j++)
                {
                    Assert.True(
                        boxes[i].X + boxes[i].W <= boxes[j].X || boxes[j].X + boxes[j].W <= boxes[i].X
                        || boxes[i].Y + boxes[i].H <= boxes[j].Y || boxes[j].Y + boxes[j].H <= boxes[i].Y,
                        $"boxes {i} and {j} overlap, seed {seed}");
                }
            }
        }
    }

    /// <summary>The sentence: a database, the internet, a cell for each, a number through the gate, and two refusals.</summary>
    private FlowDrawing Sentence()
    {
        TagSet customers = Session.Tags("db:customers"), internet = Session.Tags("net:internet");
        NodeId database = _session.Service("customer database", mailbox: false, sources: customers);
        NodeId outside = _session.Service("internet", mailbox: true, sinks: internet);
        NodeId db = _session.Cell("db", null, Clearance.Pinned(customers, TagSet.Empty), "db:customers");
        NodeId net = _session.Cell("net");
        _session.Connect(database, db);
        _session.Connect(net, outside);
        _session.Connect(outside, net);
        _session.Do(new FillGate(Session.Count, 512));
        _session.Do(new PassGate(Session.Count, db, net, 20));
        FlowOperation[] refused = [_session.Edge(db, net), new AcquireSource(net, customers, "customer database's dump")];
        RefusedOperation[] refusals =
        [
            .. refused.Select(one => new RefusedOperation(one, Assert.IsType<FlowRefusal>(_session.State.Apply(one).Refusal))),
        ];
        _session.Do(new FreezeCell(net));
        return new FlowDrawing(_session.State) { Refused = [.. refusals] };
    }

    private static FlowState RandomState(Random random)
    {
        Session session = new();
        FlowState state = session.State;
        for (int i = 0; i < 60; i++)
        {
            NodeId Any() => new(random.Next(Math.Max(1, state.Nodes.Length)));
            FlowOperation operation = random.Next(9) switch
            {
                0 or 1 => new CreateCell(state.NextNode, $"cell {i}", null, TagSet.Empty, Clearance.Everything),
                2 => new CreateService(state.NextNode, $"service {i}", Session.Tags("private"), Session.Tags("usb"), random.Next(2) == 0),
                3 => new CreateLayer(state.NextNode, $"layer {i}", TagSet.Empty),
                4 => new EndCell(Any()),
                5 => new AcquireSource(Any(), Session.Tags("web"), "web"),
                _ => new Connect(new FlowEdge(state.NextEdge, Any(), Any())),
            };
            state = state.Apply(operation).State;
        }

        return state;
    }

    private static void AssertWellFormed(string dot)
    {
        string[] lines = dot.TrimEnd('\n').Split('\n');
        Assert.Equal(("digraph flow {", "}"), (lines[0], lines[^1]));
        Assert.All(lines[1..^1], line => Assert.Matches(Statement(), line));
    }

    [GeneratedRegex("""^  (rankdir=LR;|(node|edge|[nw][0-9]+|[nw][0-9]+ -> [nw][0-9]+) \[([a-z]+=("([^"\\]|\\.)*"|[a-z0-9]+)(, )?)+\];)$""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Statement();
}
