using System.Globalization;
using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>Cells with a clearance: they get sources and sinks as they ask for them, as far as that goes together.</summary>
public sealed class FloatingTests
{
    [Theory, BothIdentities]
    public void What_it_gets_first_decides(Identity identity)
    {
        using World world = new(identity, "refuse");
        Outcome outcome = world.Lobby($"""
            {Desk} python3 c.py +{world.A} +{world.B}
            {Desk} python3 c.py +{world.B} +{world.Out}
            {Desk} python3 c.py +{world.A}
            {Desk} sh -c 'echo from desk > mine'
            {Desk} cat mine | tr a-z A-Z
            ls mine 2>&1 | wc -l
            {Desk} cat mine | cat > stolen; cat stolen
            x=$({Desk} cat mine); echo "x=$x"
            {Desk} cat mine | shellguard run --in plain -- wc -l
            {Desk} cat tree/file
            {Desk} cat mine
            """);
        Assert.Equal(
            "has\nrefused\nrefused\nrefused\nhas\nFROM DESK\n1\nx=\n1\nsecret of a\nfrom desk\n", outcome.Succeed().Output);
        string cells = world.Area.Shellguard("cells");
        Assert.Contains("desk", cells, StringComparison.Ordinal);

        // It knows a, and what the conflict set keeps from that is not still to be had.
        using (var told = JsonDocument.Parse(world.Area.Shellguard("cells", "--json")))
        {
            JsonElement desk = told.RootElement.GetProperty("cells").EnumerateArray()
                .First(cell => cell.GetProperty("name").GetString() == "desk");
            Assert.Equal(["a"], desk.GetProperty("knows").EnumerateArray().Select(tag => tag.GetString()));
            Assert.False(desk.GetProperty("pinned").GetBoolean());
            Assert.Empty(desk.GetProperty("mayStillGet").EnumerateArray());
        }

        Assert.Contains("conflict \"clients\": a and b, at most 1", world.Area.Shellguard("why", "1"), StringComparison.Ordinal);

        // Its label is decided when its files are published, and a later session honours it.
        Assert.Contains(", with a:", world.Area.Shellguard("diff"), StringComparison.Ordinal);
        world.Area.Shellguard("commit");
        outcome = world.Lobby("ls mine 2>&1 | wc -l; shellguard run --in plain -- cat mine; cat mine");
        Assert.Equal("1\nfrom desk\nfrom desk\n", outcome.Output);
        Leftovers.AssertNone(world.Area);
    }

    /// <summary>A sink that is held keeps the source away. One that was given up does not, once that is proven.</summary>
    [Theory, BothIdentities]
    public void A_sink_that_was_dropped_makes_room(Identity identity)
    {
        using World world = new(identity, "refuse");
        Outcome outcome = world.Lobby($"""
            {Desk} python3 c.py +{world.Out} !{world.Out} +{world.A} !{world.Out}
            {Desk} python3 c.py +{world.Out} ~{world.Out} +{world.A}
            {Desk} python3 c.py +{world.Out} -{world.Out} +{world.A} +{world.Out}
            """);
        Assert.Equal(
            "has\nsent\nrefused\nsent\nhas\nhidden\nrefused\nhas\nclosed\nhas\nrefused\n", outcome.Succeed().Output);
        Assert.Contains("still open: descriptor", world.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Assert.Contains("waits in a unix socket", world.Area.Shellguard("why", "2"), StringComparison.Ordinal);

        // The end of a cell drops what it held; behind a wall that does not help.
        outcome = world.Lobby($"{Desk} python3 c.py +{world.Out}; {Desk} python3 c.py +{world.A}");
        Assert.Equal("has\nhas\n", outcome.Succeed().Output);
        outcome = world.Lobby($"{Desk} python3 c.py +{world.Out}; {Desk} python3 c.py +{world.A}", mode: "wall");
        Assert.Equal("has\nrefused\n", outcome.Output);
        Leftovers.AssertNone(world.Area);
    }

    [Theory, BothIdentities]
    public void Severing_takes_the_one_before_it_gives_the_other(Identity identity)
    {
        using World world = new(identity, "sever");
        Outcome outcome = world.Lobby($"""
            {Desk} python3 c.py +{world.Out} !{world.Out} +{world.A} !{world.Out} +{world.Out}
            """);
        Assert.Equal("has\nsent\nhas\ndead\nrefused\n", outcome.Output);
        Assert.Equal("canary\n", world.Received(world.Out));

        // The relay is cut at the byte: what was written before is there, what comes after is not.
        outcome = world.Lobby($"""
            {Desk} sh -c 'echo before; sleep 0.5; python3 c.py +{world.B} >&2; echo after' | shellguard run --in plain -- cat > taken
            shellguard run --in plain -- cat taken
            """);
        Assert.Equal("before\n", outcome.Output);
        Assert.Equal("has\n", outcome.Errors);
        Leftovers.AssertNone(world.Area);
    }

    [Theory, BothIdentities]
    public void Elsewhere_is_another_cell_of_the_kind(Identity identity)
    {
        using World world = new(identity, "elsewhere");
        Outcome outcome = world.Lobby($"""
            {Desk} sh -c 'echo of a > mine'
            {Desk} python3 c.py +{world.A} +{world.B}
            {Desk} python3 c.py +{world.B}
            {Desk} cat mine
            {Desk} cat tree/file
            """);
        Assert.Equal("has\nrefused\nhas\nsecret of a\n", outcome.Output);
        Assert.Contains("mine: No such file", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("desk-2", world.Area.Shellguard("flow"), StringComparison.Ordinal);
        Leftovers.AssertNone(world.Area);
    }

    /// <summary>A session of its own is a lobby that runs this one command.</summary>
    [Theory, BothIdentities]
    public void Named_from_outside_it_asks_as_well(Identity identity)
    {
        using World world = new(identity, "refuse");
        Outcome outcome = world.Area.Inside(
            ["--policy", world.Policy("flow"), "--in", "desk"], "/usr/bin/python3", "c.py", $"+{world.A}", $"+{world.B}");
        Assert.Equal("has\nrefused\n", outcome.Succeed().Output);
        Leftovers.AssertNone(world.Area);
    }

    private const string Desk = "shellguard run --in desk --";

    /// <summary>Two sources, a sink, and a cell that may get all of them.</summary>
    private sealed class World : IDisposable
    {
        private readonly TestArea _host = new(Identity.Ordinary);
        private readonly string _late;

        public World(Identity identity, string late)
        {
            _late = late;
            Area = new TestArea(identity);
            (A, B, Out) = (Text(Ports.Free()), Text(Ports.Free()), Text(Ports.Free()));
            _host.Serve("/usr/bin/python3", Helper.PathOf("sinks.py"), _host.Work, A, B, Out);
            foreach (string port in (string[])[A, B, Out])
            {
                Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
            }

            Area.Write("c.py", File.ReadAllText(Helper.PathOf("connections.py")));
            Area.Write("tree/file", "secret of a\n");
        }

        public TestArea Area { get; }

        public string A { get; }

        public string B { get; }

        public string Out { get; }

        public string Received(string port) => File.ReadAllText($"{_host.Work}/{port}");

        public string Policy(string mode) => Area.Write("walls.toml", $"""
            extends = "default"

            [tags]
            "a" = "client a"
            "b" = "client b"
            "out" = "anybody outside"

            [[resource]]
            name = "base a"
            net = ["127.0.0.1:{A}"]
            source = ["a"]
            opaque = true

            [[resource]]
            name = "base b"
            net = ["127.0.0.1:{B}"]
            source = ["b"]
            opaque = true

            [[resource]]
            name = "outside"
            net = ["127.0.0.1:{Out}"]
            sink = ["out"]
            opaque = true

            [[resource]]
            name = "tree of a"
            paths = ["{Area.Work}/tree"]
            source = ["a"]

            [[conflict]]
            name = "data"
            at_most = 1
            of = ["a", "out"]
            mode = "{mode}"

            [[conflict]]
            name = "clients"
            never_all = ["a", "b"]

            [cell.plain]
            label = ["a"]
            net = ["127.0.0.1:{A}"]

            [cell.desk]
            clearance = ["a", "b"]
            late = "{_late}"
            net = ["127.0.0.1:{A}", "127.0.0.1:{B}", "127.0.0.1:{Out}"]
            copy-on-write = ["{Area.Work}/tree"]
            """);

        public Outcome Lobby(string script, string mode = "flow")
        {
            Area.Write("script.sh", script);
            return Area.Inside(["--policy", Policy(mode)], "/bin/bash", "script.sh");
        }

        public void Dispose()
        {
            _host.Dispose();
            Area.Dispose();
        }

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
