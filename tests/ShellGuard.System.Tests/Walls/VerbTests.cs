using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>The verbs that are about walls: a shell in a named cell, what the cells are, and the graph for Graphviz.
/// </summary>
public sealed partial class VerbTests
{
    private static string Policy(TestArea area) => area.Write("walls.toml", $"""
        extends = "default"
        [tags]
        "secret" = "what stays \"here\""
        "out" = "anybody outside"
        [[resource]]
        name = "vault -> \"quoted\""
        paths = ["{area.Work}/vault"]
        source = ["secret"]
        [[resource]]
        name = "outside"
        net = ["127.0.0.1:1"]
        sink = ["out"]
        [[conflict]]
        name = "apart"
        at_most = 1
        of = ["secret", "out"]
        [cell.side]
        label = ["secret"]
        read-only = ["{area.Work}/vault"]
        [cell.desk]
        clearance = ["secret"]
        net = ["127.0.0.1:1"]
        """);

    [Theory, BothIdentities]
    public void A_shell_in_a_named_cell_is_that_cells(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "of the vault\n");
        string policy = Policy(area);
        Assert.Equal("of the vault\n", Shell(area, policy, "side", "cat vault/file; echo written > mine").Succeed().Output);
        Assert.Contains(", with secret:", area.Shellguard("diff"), StringComparison.Ordinal);
        area.Shellguard("discard", "--yes");
        Assert.Equal("none\n", Shell(area, policy, "desk", "cat vault/file 2> /dev/null || echo none").Output);
        Outcome unknown = Shell(area, policy, "nothing", "echo ran");
        Assert.Equal("", unknown.EndWith(125).Output);
        Assert.Contains("no cell nothing in the policy; there are side, desk", unknown.Errors, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    /// <summary>What was built in a session is in no directory of the host.</summary>
    [Theory, BothIdentities]
    public void What_a_session_made_runs_on_a_side_by_its_path(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "of the vault\n");
        Outcome outcome = area.InsideShell(["--policy", Policy(area)], """
            shellguard run --in side -- cp /bin/echo of-the-side
            shellguard run --in side -- ./of-the-side made there
            cp /bin/echo of-the-lobby
            shellguard run --in side -- ./of-the-lobby made here
            ./of-the-side; echo $?
            shellguard run --in side -- ./none; echo $?
            shellguard run --in side -- no-such-command; echo $?
            """);
        Assert.Equal("made there\nmade here\n127\n1\n127\n", outcome.Output);
        Assert.Contains("./none: not found in side", outcome.Errors, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_lobby_that_begins_elsewhere_says_so(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "of the vault\n");
        string policy = Policy(area);
        Outcome outcome = area.OutsideShell($"cd vault && {NativeBinary.Path} run --policy {policy} -- pwd").Succeed();
        Assert.Equal("/\n", outcome.Output);
        Assert.Contains($"the lobby begins in /, for it does not see {area.Work}/vault: shellguard run --in side -- COMMAND does", outcome.Errors, StringComparison.Ordinal);
        Outcome inside = area.OutsideShell($"cd vault && {NativeBinary.Path} run --policy {policy} --in side -- pwd").Succeed();
        Assert.Equal($"{area.Work}/vault\n", inside.Output);
    }

    [Theory, BothIdentities]
    public void Cells_and_graph_are_told_to_programs(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "of the vault\n");
        const string script = "shellguard run --in side -- cat vault/file > copy; shellguard run --in desk -- true";
        area.InsideShell(["--policy", Policy(area)], script).Succeed();

        using var told = JsonDocument.Parse(area.Shellguard("cells", "--json"));
        Assert.Equal(Path.GetFileName(area.Sessions[^1]), told.RootElement.GetProperty("session").GetString());
        Dictionary<string, JsonElement> cells =
            told.RootElement.GetProperty("cells").EnumerateArray().ToDictionary(cell => cell.GetProperty("name").GetString()!);
        Assert.Equal(["desk", "lobby", "side"], cells.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["secret"], Texts(cells["side"], "knows"));
        Assert.Empty(Texts(cells["lobby"], "knows"));
        Assert.True(cells["side"].GetProperty("pinned").GetBoolean());
        Assert.False(cells["desk"].GetProperty("pinned").GetBoolean());
        Assert.All(cells.Values, cell => Assert.Equal("ended", cell.GetProperty("state").GetString()));
        Assert.Empty(Texts(cells["side"], "mayStillGet"));

        string graph = area.Shellguard("flow", "--dot", "--ended");
        AssertIsDot(graph);
        Assert.Contains("label=\"side\\n(cell", graph, StringComparison.Ordinal);
        Assert.Contains("vault -> \\\"quoted\\\"", graph, StringComparison.Ordinal);
    }

    /// <summary>Each line is a statement of the DOT language, every name is declared before it is used, and every quote is
    /// closed.</summary>
    private static void AssertIsDot(string graph)
    {
        string[] lines = graph.TrimEnd('\n').Split('\n');
        Assert.Equal("digraph flow {", lines[0]);
        Assert.Equal("}", lines[^1]);
        HashSet<string> declared = [];
        int edges = 0;
        foreach (string line in lines[1..^1])
        {
            Match statement = Statement().Match(line);
            Assert.True(statement.Success, line);
            string first = statement.Groups["first"].Value;
            if (statement.Groups["second"] is { Success: true, Value: var second })
            {
                edges++;
                Assert.Contains(first, declared);
                Assert.Contains(second, declared);
            }
            else if (first is not ("node" or "edge" or "rankdir"))
            {
                Assert.True(declared.Add(first), line);
            }
        }

        Assert.True(edges > 0 && declared.Count > 3, graph);
    }

    [GeneratedRegex(
        """^  (?<first>[a-z][a-z0-9_]*)(=LR| (-> (?<second>[a-z][a-z0-9_]*) )?\[[a-z]+=([a-z0-9]+|"([^"\\]|\\.)*")(, [a-z]+=([a-z0-9]+|"([^"\\]|\\.)*"))*\]);$""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Statement();

    /// <summary>Private data, what strangers wrote, and a way out: any two, whatever comes first.</summary>
    [Theory, BothIdentities]
    public void Any_two_of_three_and_never_the_third(Identity identity)
    {
        using TestArea host = new(Identity.Ordinary);
        using TestArea area = new(identity);
        string web = Ports.Free().ToString(CultureInfo.InvariantCulture), egress = Ports.Free().ToString(CultureInfo.InvariantCulture);
        host.Serve("/usr/bin/python3", Helper.PathOf("sinks.py"), host.Work, web, egress);
        Ports.WaitFor(int.Parse(web, CultureInfo.InvariantCulture));
        Ports.WaitFor(int.Parse(egress, CultureInfo.InvariantCulture));
        area.Write("c.py", File.ReadAllText(Helper.PathOf("connections.py")));
        area.Write("vault/file", "private\n");
        string policy = area.Write("walls.toml", $"""
            extends = "default"
            [tags]
            "private" = "what is ours"
            "web" = "what strangers wrote"
            "egress" = "anybody outside"
            [[resource]]
            name = "vault"
            paths = ["{area.Work}/vault"]
            source = ["private"]
            [[resource]]
            name = "pages"
            net = ["127.0.0.1:{web}"]
            source = ["web"]
            opaque = true
            [[resource]]
            name = "outside"
            net = ["127.0.0.1:{egress}"]
            sink = ["egress"]
            opaque = true
            [[conflict]]
            name = "trifecta"
            at_most = 2
            of = ["private", "web", "egress"]
            [cell.keeper]
            label = ["private"]
            read-only = ["{area.Work}/vault"]
            [cell.desk]
            clearance = ["private", "web"]
            read-only = ["{area.Work}/vault"]
            net = ["127.0.0.1:{web}", "127.0.0.1:{egress}"]
            """);
        const string desk = "shellguard run --in desk --";
        string Run(string script) => area.InsideShell(["--policy", policy], script).Output;

        Assert.Equal("private\nhas\nrefused\n", Run($"{desk} cat vault/file; {desk} python3 c.py +{web} +{egress}"));
        Assert.Contains(
            "private, web and egress, at most 2", area.Shellguard("log", "--denied", "--json"), StringComparison.Ordinal);
        Assert.Equal("private\nhas\nrefused\n", Run($"{desk} cat vault/file; {desk} python3 c.py +{egress} +{web}"));
        Assert.Equal(
            "has\nhas\nprivate\nrefused\n",
            Run($"{desk} python3 c.py +{web} +{egress}; {desk} cat vault/file; {desk} python3 c.py +{egress}"));
        Assert.Equal(
            "private\nhas\nrefused\n",
            Run($"shellguard run --in keeper -- cat vault/file | {desk} sh -c 'cat; python3 c.py +{web} +{egress}'"));
        Leftovers.AssertNone(area);
    }

    private static IEnumerable<string> Texts(JsonElement cell, string name) =>
        cell.GetProperty(name).EnumerateArray().Select(text => text.GetString()!);

    private static Outcome Shell(TestArea area, string policy, string cell, string script)
    {
        area.Own();
        Dictionary<string, string> environment = new(area.Environment) { ["SHELL"] = "/bin/bash" };
        return Programs.Run(
            Programs.Start(
                [.. area.Account.Prefix, NativeBinary.Path, "shell", "--policy", policy, "--in", cell], area.Work, environment),
            Encoding.UTF8.GetBytes(script + "\n"));
    }
}
