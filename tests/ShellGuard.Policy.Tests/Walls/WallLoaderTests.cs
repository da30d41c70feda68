using System.Net;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

/// <summary>The language of walls is read as it is written, and every mistake is reported where it stands.</summary>
public sealed class WallLoaderTests
{
    [Fact]
    public void EverythingIsRead()
    {
        WallRules walls = Policies.Load(Policies.CustomerData + """
            [[conflict]]
            name = "clients"
            never_all = ["db:customers", "net:internet"]
            mode = "wall"
            exclusive = true

            [cell.free]
            clearance = ["db:customers"]
            late = "sever"
            net = ["*:443"]
            net-ask = ["db.corp:5432"]
            net-deny = ["evil.example:443"]
            read-only = ["/srv/a"]
            copy-on-write = ["~/b"]
            direct = ["c"]
            hide = ["**/.env"]

            [[gate]]
            name = "alice"
            kind = "approval"
            from = ["db:customers"]
            to = ["net:internet"]
            approvers = ["alice", "bob"]
            second-person = true
            expires = "1h"
            """);
        FlowPolicy flow = walls.Flow;
        Assert.Equal(["db:customers", "net:internet"], walls.Tags.Select(tag => tag.Name));
        Assert.Equal("rows about customers", walls.Tags[0].Meaning);
        TagSet customers = TagSet.Of(walls.Tags[0].Tag), internet = TagSet.Of(walls.Tags[1].Tag);

        Assert.Equal(["customer database", "internet"], walls.Resources.Select(resource => resource.Name));
        Assert.Equal((customers, TagSet.Empty, true), (walls.Resources[0].Sources, walls.Resources[0].Sinks, walls.Resources[0].Opaque));
        Assert.Equal((TagSet.Empty, internet, false), (walls.Resources[1].Sources, walls.Resources[1].Sinks, walls.Resources[1].Opaque));
        Assert.Equal((5, "resource \"customer database\""), (walls.Resources[0].Rule.Line, walls.Resources[0].Rule.Text));

        Assert.Equal([("customer data", 1, false, ConflictMode.Flow), ("clients", 1, true, ConflictMode.Wall)],
            flow.Conflicts.Select(c => (c.Name, c.AtMost, c.Exclusive, c.Mode)));
        Assert.All(flow.Conflicts, conflict => Assert.Equal(customers | internet, conflict.Members));

        Assert.True(walls.TryFindCell("db", out CellRule? db) && db.Pinned && db.Label == customers);
        Assert.Equal(new Clearance(customers, TagSet.Empty), db.Clearance);
        Assert.True(walls.TryFindCell("net", out CellRule? net) && net.Pinned && net.Label.IsEmpty);
        Assert.Equal(new Clearance(TagSet.Empty, internet), net.Clearance);
        Assert.True(walls.TryFindCell("free", out CellRule? free) && !free.Pinned && free.Label.IsEmpty);
        Assert.Equal(new Clearance(customers, internet), free.Clearance);
        Assert.Equal((LateAcquisition.Sever, LateAcquisition.Refuse), (free.Late, db.Late));
        Assert.False(walls.TryFindCell("lobby", out _));
        Assert.Equal(
            [("/srv/a", PathMode.ReadOnly), ("/home/alice/b", PathMode.CopyOnWrite), ("/home/alice/project/c", PathMode.Direct),
                ("/home/alice/project/**/.env", PathMode.Hidden)],
            free.Paths.Select(path => (path.Path, path.Mode)));
        Assert.Equal(
            [("*:443", Core.Decision.Allow), ("db.corp:5432", Core.Decision.Ask), ("evil.example:443", Core.Decision.Deny)],
            free.Network.Rules.Select(rule => (rule.Pattern.ToString(), rule.Decision)));

        Assert.Same(db, walls.CellOfCommand("psql"));
        Assert.Same(net, walls.CellOfCommand("/usr/bin/curl"));
        Assert.Null(walls.CellOfCommand("wc"));

        Assert.Equal(["count", "alice"], walls.Gates.Select(gate => gate.Gate.Name));
        Assert.Equal(flow.Gates, walls.Gates.Select(gate => gate.Gate));
        GateRule count = walls.Gates[0], alice = walls.Gates[1];
        Assert.Equal((GateKind.Filter, customers, internet, 512L), (count.Gate.Kind, count.Gate.From, count.Gate.To, count.Gate.Capacity));
        Assert.Equal(("/usr/local/lib/filters/count", TimeSpan.FromHours(1), 20L, 64), (count.Filter!.Program, count.Filter.Per, count.Filter.Form.Bits, count.Filter.Form.MaximumBytes));
        Assert.Equal((GateKind.Approval, 65_536L * 8), (alice.Gate.Kind, alice.Gate.Capacity));
        Assert.Equal((true, TimeSpan.FromHours(1), 65_536), (alice.Approval!.SecondPerson, alice.Approval.Expires, alice.Approval.MaximumBytes));
        Assert.Equal(["alice", "bob"], alice.Approval.Approvers);
        Assert.True(walls.InStrictMode().Flow.Strict);
        Assert.Equal(walls.Flow.Marks, walls.InStrictMode().Flow.Marks);
    }

    [Fact]
    public void APolicyWithoutWallsHasNone() => Assert.Null(Contexts.Preset("agent").Walls);

    [Fact]
    public void EveryMistakeIsReportedWhereItStands()
    {
        const string Text = """
            [tags]
            "a b" = "x"
            "db:customers" = 3
            [[resource]]
            name = "one"
            net = ["db.corp"]
            sources = ["db:customers"]
            source = ["db:custmers", "db:customers", "db:customers"]
            [[resource]]
            name = "one"
            paths = ["~/x"]
            sink = ["db:customers"]
            [[resource]]
            name = "two"
            [[conflict]]
            name = "c"
            at_most = 2
            of = ["db:customers", "db:customers"]
            mode = "flwo"
            [[conflict]]
            name = "d"
            never_all = ["db:customers"]
            at_most = 0
            [[conflict]]
            of = 3
            [cell]
            label = ["db:customers"]
            [cell.lobby]
            [cell.a]
            label = ["db:customers"]
            clearance = []
            commands = ["psql", "/bin/x"]
            [cell.b]
            commands = ["psql"]
            copy-on-wite = ["x"]
            [[gate]]
            name = "g"
            kind = "filter"
            from = ["db:customers"]
            to = []
            program = "count"
            sha256 = "12"
            form = "integer 5..1"
            bits = 1
            per = "soon"
            approvers = ["x"]
            [[gate]]
            name = "h"
            kind = "approval"
            from = ["db:customers"]
            to = ["db:customers"]
            approvers = ["alice"]
            second-person = true
            [resource2]
            """;
        Assert.Equal(
            """
            /etc/p.toml:2:1: error: a tag has letters, digits and : . _ -, at most 64 of them, the first a letter or digit
                for example "db:customers"
            /etc/p.toml:3:18: error: a tag has a string that says what it stands for, not an integer
                for example "net:internet" = "anybody outside"
            /etc/p.toml:6:8: error: the port is missing; write HOST:PORT, or HOST:* for any port
                for example db.corp:443
            /etc/p.toml:7:1: error: unknown key 'sources' in [[resource]]
                did you mean 'source'?
            /etc/p.toml:8:11: error: unknown tag 'db:custmers'
                did you mean 'db:customers'?
            /etc/p.toml:8:42: error: db:customers stands in source twice
            /etc/p.toml:10:8: error: there is a resource of this name already
                a later policy can replace it, the same one cannot
            /etc/p.toml:13:1: error: resource "two" has neither net nor paths nor environment: nothing carries its tags
                for example net = ["db.corp:5432"]
            /etc/p.toml:17:11: error: conflict "c" can never strike: it has 1 tag, and as many may meet
                make at_most smaller, or name more tags
            /etc/p.toml:18:23: error: db:customers stands in of twice
            /etc/p.toml:19:8: error: mode is one of "flow", "wall"
                did you mean "flow"?
            /etc/p.toml:22:13: error: conflict "d" has one tag only
                at_most = 0 says that nobody may have it
            /etc/p.toml:23:11: error: at_most and never_all say the same in two ways
                remove at_most
            /etc/p.toml:24:1: error: a conflict set has no name
                for example name = "customer data"
            /etc/p.toml:25:6: error: of is an array of tags, not an integer
                for example of = ["db:customers", "net:internet"]
            /etc/p.toml:27:1: error: a cell has a name
                write [cell.NAME] above label
            /etc/p.toml:28:7: error: the lobby is there without being said, and what it can reach stands in [network]
                for example [cell.db]
            /etc/p.toml:31:13: error: clearance is for a cell without a label: with one it never gets anything else
                remove clearance
            /etc/p.toml:32:21: error: a command is the name of a program, without a directory
                for example commands = ["psql"]
            /etc/p.toml:34:13: error: psql is run in [cell.a] already (/etc/p.toml:29)
                a command belongs to one cell
            /etc/p.toml:35:1: error: unknown key 'copy-on-wite' in [cell.NAME]
                did you mean 'copy-on-write'?
            /etc/p.toml:40:6: error: gate "g" has no tags in to
            /etc/p.toml:41:11: error: a filter's program is an absolute path without ..
                for example program = "/usr/local/lib/filters/count"
            /etc/p.toml:42:10: error: sha256 has 64 hexadecimal digits
                sha256sum PROGRAM prints them
            /etc/p.toml:43:8: error: the range is empty: its first number is greater than its last
            /etc/p.toml:45:7: error: per cannot be read: it is a time such as "8h" or "1h30m"
                for example per = "1h"
            /etc/p.toml:46:13: error: approvers is for kind = "approval"
                remove approvers
            /etc/p.toml:52:13: error: gate "h" wants a second person and has 1 approvers
            /etc/p.toml:54:2: error: unknown table 'resource2'
                did you mean 'resource'?

            """,
            Policies.Check(Text));
    }

    [Fact]
    public void AFormThatNeverFitsTheBudgetIsAMistake()
    {
        string text = Policies.CustomerData.Replace("bits = 512", "bits = 19", StringComparison.Ordinal);
        Assert.Equal(
            """
            /etc/p.toml:39:8: error: gate "count" lets nothing out: one output of its form can carry 20 bits, and it has 19
                bits = 20 lets one out a period; or make the form narrower

            """,
            Policies.Check(text));
    }

    [Fact]
    public void LateIsForCellsThatGetSomethingLater()
    {
        string found = Policies.Check(Policies.CustomerData + """
            [cell.x]
            late = "sever"
            [cell.y]
            clearance = []
            late = "soon"
            """);
        Assert.Contains("late is for a cell with a clearance: any other never gets anything else", found, StringComparison.Ordinal);
        Assert.Contains("late is ", found, StringComparison.Ordinal);
        Assert.Contains("elsewhere", found, StringComparison.Ordinal);
    }

    [Fact]
    public void ALaterPolicyReplacesByName()
    {
        MemoryFiles files = new MemoryFiles().With("/etc/base.toml", Policies.CustomerData).With("/etc/p.toml", """
            extends = "base.toml"
            [tags]
            "usb" = "sticks"
            [[resource]]
            name = "customer database"
            net = ["db2.corp:5432"]
            source = ["db:customers"]
            [cell.db]
            label = ["db:customers"]
            net = ["db2.corp:5432"]
            """);
        PolicyResult result = PolicyLoader.Load(new PolicyRequest("/etc/p.toml", [], Contexts.Alice), files);
        Assert.Empty(result.Diagnostics);
        WallRules walls = result.Policy!.Walls!;
        Assert.Equal(["db:customers", "net:internet", "usb"], walls.Tags.Select(tag => tag.Name));
        Assert.Equal(["customer database", "internet"], walls.Resources.Select(resource => resource.Name));
        Assert.Equal("db2.corp:5432", Assert.Single(walls.Resources[0].Endpoints).ToString());
        Assert.False(walls.Resources[0].Opaque);
        Assert.Equal(["db", "net"], walls.Cells.Select(cell => cell.Name));
        Assert.Null(walls.CellOfCommand("psql"));
        Assert.Equal("/etc/p.toml", walls.Cells[0].Rule.File);
    }

    [Fact]
    public void TooManyTagsAreRefusedMarksIncluded()
    {
        string tags = string.Concat(Enumerable.Range(0, 254).Select(i => $"t{i} = \"\"\n"));
        string text = Policies.CustomerData.Replace("[tags]\n", "[tags]\n" + tags, StringComparison.Ordinal);
        Assert.Contains(
            "error: more than 256 tags: each gate needs one more for each tag that it takes off",
            Policies.Check(text), StringComparison.Ordinal);
        Assert.Contains("error: more than 256 of a kind", Policies.Check(text.Replace("t0 =", "more = \"\"\nt0 =", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("github.com", 443, "internet")]
    [InlineData("db.corp", 5432, "customer database")]
    [InlineData("db.corp", 443, "internet")]
    [InlineData("db.corp", 80, "")]
    public void AConnectionLeadsToAllResourcesThatHaveIt(string host, int port, string names) =>
        Assert.Equal(names, string.Join(',', Policies.Load(Policies.CustomerData).ResourcesOf(host, port).Select(r => r.Name)));

    [Theory]
    [InlineData("10.1.2.3", 443, "inner")]
    [InlineData("192.168.0.1", 443, "")]
    [InlineData("93.184.216.34", 443, "outer")]
    [InlineData("93.184.216.34", 80, "")]
    public void AWideBlockHasNothingOfAReservedRange(string address, int port, string names)
    {
        WallRules walls = Policies.Load("""
            [tags]
            a = ""
            [[resource]]
            name = "outer"
            net = ["0.0.0.0/0:443"]
            sink = ["a"]
            [[resource]]
            name = "inner"
            net = ["10.0.0.0/8:443"]
            sink = ["a"]
            """);
        Assert.Equal(names, string.Join(',', walls.ResourcesOf(IPAddress.Parse(address), port).Select(r => r.Name)));
    }
}
