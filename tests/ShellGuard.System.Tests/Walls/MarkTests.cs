using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>What passed a gate carries its mark beyond the session: commits write it down, later sessions know it.</summary>
public sealed class MarkTests
{
    private const string Query = "psql -Atc 'select name from customers order by id'";
    private const string Stick = """
        [[resource]]
        name = "memory stick"
        net = ["127.0.0.1:9"]
        sink = ["usb"]

        [[conflict]]
        name = "stick"
        at_most = 1
        of = ["db:customers", "usb"]

        [cell.copier]
        label = []
        commands = ["copier"]
        net = ["127.0.0.1:9"]
        """;

    [Theory, BothIdentities]
    public void A_commit_keeps_the_mark_and_later_cells_start_with_it(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        gates.Lobby($"""
            echo before > early.txt
            {Query} | count > how-many.txt
            shellguard run --in db -- sh -c 'cat how-many.txt > of-db.txt'
            """).Succeed();
        Assert.Contains(", with db:customers/count:", gates.Area.Shellguard("diff"), StringComparison.Ordinal);
        gates.Area.Shellguard("commit");
        Assert.Equal(["db:customers/count"], LabelOf(gates, "how-many.txt"));
        Assert.Equal(["db:customers/count"], LabelOf(gates, "early.txt"));
        Assert.Equal(["db:customers", "db:customers/count"], LabelOf(gates, "of-db.txt"));

        // The lobby sees it, sends it where the gate leads, and what it writes has the mark again.
        Outcome outcome = gates.Lobby("""
            cat how-many.txt
            curl -s -T how-many.txt $OUT
            cat how-many.txt > again.txt
            ls of-db.txt 2>&1 | wc -l
            cat of-db.txt
            """);
        Assert.Equal("3\nthere\n1\n3\n", outcome.Succeed().Output);
        Assert.Contains("files committed with db:customers/count", gates.Area.Shellguard("flow"), StringComparison.Ordinal);
        gates.Area.Shellguard("commit");
        Assert.Equal(["db:customers/count"], LabelOf(gates, "again.txt"));

        // Where the gate's name says nothing, nobody sees it.
        Assert.NotEqual(0, gates.Area.Inside([], "/bin/cat", "how-many.txt").Status);

        // A cell by itself that sees it writes down the same.
        gates.Area.Inside(["--policy", $"{gates.Area.Work}/walls.toml", "--in", "db"], "/bin/sh", "-c", "cat of-db.txt > third.txt").Succeed();
        gates.Area.Shellguard("commit");
        Assert.Equal(["db:customers", "db:customers/count"], LabelOf(gates, "third.txt"));
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>A sink that the gate does not lead to: the file is not there, and shuts nobody out of the sink.</summary>
    [Theory, BothIdentities]
    public void Who_reaches_what_the_gate_does_not_lead_to_does_not_see_it(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        gates.Lobby($"{Query} | count > how-many.txt").Succeed();
        gates.Area.Shellguard("commit");

        gates.Tags = "usb = \"a memory stick\"";
        gates.AddCell(Stick);
        Outcome outcome = gates.Lobby($"""
            {Query} | count; echo $?
            ls how-many.txt 2> /dev/null | wc -l
            shellguard run --in db -- cat how-many.txt
            """);
        Assert.Equal("126\n0\n3\n", outcome.Output);
        Assert.Contains("conflict \"stick\"", gates.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>A file of the person's that the lobby's output goes to may get what passed.</summary>
    [Theory, BothIdentities]
    public void So_does_a_file_that_the_output_was_redirected_to(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        gates.Lobby($"{Query} | count", "out.txt").Succeed();
        Assert.Equal("3\n", File.ReadAllText($"{gates.Area.Work}/out.txt"));
        Assert.Contains("db:customers/count", LabelOf(gates, "out.txt"));
        Leftovers.AssertNone(gates.Area);
    }

    private static string[] LabelOf(GateWorld gates, string file)
    {
        SortedSet<string> tags = new(StringComparer.Ordinal);
        foreach (string line in File.ReadLines($"{gates.Area.State}/labels.jsonl"))
        {
            using var label = global::System.Text.Json.JsonDocument.Parse(line);
            if (label.RootElement.GetProperty("path").GetString() == $"{gates.Area.Work}/{file}")
            {
                tags.UnionWith(label.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
            }
        }

        return [.. tags];
    }
}
