using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

/// <summary>A policy whose grants its own conflict sets do not let be is found out before anything runs.</summary>
public sealed class WallCheckTests
{
    private const string Tags = """
        [tags]
        secret = "what only we know"
        out = "whoever is outside"
        web = "what others wrote"

        """;

    private const string Resources = """
        [[resource]]
        name = "vault"
        net = ["vault.corp:443"]
        source = ["secret"]
        [[resource]]
        name = "internet"
        net = ["*:443"]
        source = ["web"]
        sink = ["out"]
        [[conflict]]
        name = "secrets"
        at_most = 1
        of = ["secret", "out"]

        """;

    [Fact]
    public void TheSentenceIsGood() => Assert.Equal("", Policies.Check(Policies.CustomerData));

    /// <summary>A name that a cell makes up is asked of others.</summary>
    [Fact]
    public void NamesThatACellWithASecretMakesUpAreADanger()
    {
        const string danger = "lets [cell.db] make up names, and whoever is asked for them can read db:customers in them";
        string wide = Policies.CustomerData.Replace("db.corp:5432", "*.corp:5432", StringComparison.Ordinal);
        Assert.Contains(danger, Policies.Check(wide), StringComparison.Ordinal);
        string said = wide.Replace("source = [\"db:customers\"]", "source = [\"db:customers\"]\nsink = [\"dns\"]", StringComparison.Ordinal)
            .Replace("[tags]", "[tags]\ndns = \"whoever answers for corp\"", StringComparison.Ordinal);
        Assert.DoesNotContain("make up names", Policies.Check(said), StringComparison.Ordinal);
        Assert.DoesNotContain("make up names", Policies.Check(Policies.CustomerData), StringComparison.Ordinal);
    }

    [Fact]
    public void AGateThatHidesACommandIsFound() => Assert.Contains(
        "warning: gate \"psql\" has the name of a command of [cell.db]: in a lobby the gate hides the command",
        Policies.Check(Policies.CustomerData.Replace("name = \"count\"", "name = \"psql\"", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    [Fact]
    public void ACellThatBreaksAConflictSetByItselfIsAnError() => Assert.Equal(
        """
        /etc/p.toml:20:26: error: net = "github.com:443" in [cell.both] breaks a conflict set by itself: conflict "secrets": secret and out, at most 1 (/etc/p.toml:14); secret both -> internet; out internet
            two cells can have what one cannot: put the two sides into a cell each

        """,
        Policies.Check(Tags + Resources + """
            [cell.both]
            label = ["secret", "web"]
            net = ["vault.corp:443", "github.com:443"]
            """));

    /// <summary>What is on the clipboard can be pasted anywhere.</summary>
    [Fact]
    public void TheClipboardLeadsToEverySinkUnlessThePolicySaysWhereItLeads()
    {
        const string Cell = """
            [cell.keeper]
            label = ["secret"]
            net = ["vault.corp:443"]
            clipboard = true

            """;
        string paper = """
            [[resource]]
            name = "paper"
            clipboard = true
            sink = ["desk"]
            """;
        string found = Policies.Check(Tags + Resources + Cell);
        Assert.Contains("clipboard = true in [cell.keeper] breaks a conflict set by itself: conflict \"secrets\"", found, StringComparison.Ordinal);
        Assert.Contains("keeper -> the clipboard", found, StringComparison.Ordinal);

        string tags = Tags.TrimEnd() + "\ndesk = \"the person's own desk\"\n\n";
        found = Policies.Check(tags + Resources + Cell + paper);
        Assert.Contains(
            "warning: clipboard = true lets [cell.keeper] put secret where every program of the person's machine reads it; it counts as desk",
            found, StringComparison.Ordinal);
        Assert.DoesNotContain("error", found, StringComparison.Ordinal);
        WallRules walls = Policies.Load(tags + Resources + Cell + paper);
        Assert.True(walls.TryFindCell("keeper", out CellRule? keeper));
        Assert.Equal(["vault", "paper"], walls.GrantsOf(keeper).Select(grant => grant.Resource.Name));

        string conflict = """

            [[conflict]]
            name = "desk"
            at_most = 1
            of = ["secret", "desk"]
            """;
        Assert.Contains("error: clipboard = true in [cell.keeper] breaks a conflict set by itself: conflict \"desk\"",
            Policies.Check(tags + Resources + Cell + paper + conflict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[cell.keeper]\nclearance = [\"secret\"]\nclipboard = true", "clipboard is for a cell without a clearance")]
    [InlineData("[[resource]]\nname = \"paper\"\nclipboard = true\nnet = [\"a.corp:1\"]\nsink = [\"out\"]", "net is not for the clipboard")]
    [InlineData("[[resource]]\nname = \"paper\"\nclipboard = true\nsource = [\"web\"]", "source is not for the clipboard")]
    [InlineData("[[resource]]\nname = \"paper\"\nclipboard = true", "has no tags")]
    public void TheClipboardIsOnlyEverSet(string table, string message) =>
        Assert.Contains(message, Policies.Check(Tags + Resources + table), StringComparison.Ordinal);

    [Fact]
    public void AWildcardTakesTheTagsOfAllThatItReaches()
    {
        const string Cell = """
            [cell.net]
            label = ["web"]
            net = ["*:443"]
            """;
        Assert.Equal(
            """
            /etc/p.toml:20:8: error: net = "*:443" brings secret into [cell.net], whose label does not have it: clearance: net may not have secret; secret vault -> net
                label = ["secret", "web"], or a net-deny of what is not meant

            """,
            Policies.Check(Tags + Resources + Cell));
        Assert.Equal("", Policies.Check(Tags + Resources + Cell + "\nnet-deny = [\"*.corp:443\"]\n"));
    }

    [Fact]
    public void AResourceThatIsBothSidesIsAnErrorUnlessOpaque()
    {
        string text = Tags + Resources + """
            [[resource]]
            name = "cloud"
            net = ["cloud.example:8443"]
            source = ["secret"]
            sink = ["out"]

            """;
        Assert.StartsWith(
            "/etc/p.toml:18:1: error: resource \"cloud\" breaks a conflict set by itself: conflict \"secrets\"",
            Policies.Check(text), StringComparison.Ordinal);
        Assert.Equal("", Policies.Check(text + "opaque = true\n"));
    }

    [Fact]
    public void CellsThatAMailboxJoinsAreTold()
    {
        string text = Tags + Resources + """
            [[resource]]
            name = "queue"
            net = ["queue.corp:5672"]
            source = ["secret"]
            [cell.net]
            label = ["web"]
            net = ["github.com:443"]
            [cell.a]
            label = ["secret"]
            net = ["vault.corp:443", "queue.corp:5672"]
            [cell.b]
            label = ["secret"]
            net = ["queue.corp:5672"]

            """;
        Assert.Equal("", Policies.Check(text));
        string joined = text.Replace("[cell.b]\nlabel = [\"secret\"]", "[cell.b]\nlabel = [\"secret\", \"web\"]", StringComparison.Ordinal);
        Assert.Equal(
            """
            /etc/p.toml:30:8: warning: net = "queue.corp:5672" joins [cell.b] with other cells so that not all can run: clearance: a may not have web; web b -> queue -> a
                if what one cell sends to queue does not come out to another, say opaque = true of it

            """,
            Policies.Check(joined));
        Assert.Equal("", Policies.Check(joined.Replace("source = [\"secret\"]\n[cell.net]", "source = [\"secret\"]\nopaque = true\n[cell.net]", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatIsNoResourceJoinsCellsToo()
    {
        string text = Tags + Resources + """
            [cell.net]
            label = ["web"]
            net = ["github.com:443", "cache.corp:6379"]
            [cell.vault]
            label = ["secret", "web"]
            net = ["vault.corp:443", "cache.corp:6379"]

            """;
        Assert.Equal(
            """
            /etc/p.toml:20:26: danger: net = "cache.corp:6379" of [cell.net] leads to what no resource names: it has no tags, and web can be sent there whatever the conflict sets say
                add a [[resource]] with this endpoint and its sink
            /etc/p.toml:20:26: warning: net = "cache.corp:6379" joins [cell.vault] with other cells so that not all can run: conflict "secrets": secret and out, at most 1 (/etc/p.toml:14); secret vault -> cache.corp:6379; out cache.corp:6379 -> net -> internet
            /etc/p.toml:23:26: danger: net = "cache.corp:6379" of [cell.vault] leads to what no resource names: it has no tags, and secret and web can be sent there whatever the conflict sets say
                add a [[resource]] with this endpoint and its sink

            """,
            Policies.Check(text));
    }

    [Fact]
    public void FilesOnTheHostJoinCellsToo()
    {
        string text = Tags + Resources + """
            [files]
            read-only = ["/"]
            [cell.vault]
            label = ["secret"]
            net = ["vault.corp:443"]
            direct = ["/srv/shared"]

            """;
        string found = Policies.Check(text);
        Assert.Contains(
            "danger: direct = \"/srv/shared\" lets [cell.vault] write secret to /srv/shared on the host, which has no tags",
            found, StringComparison.Ordinal);
        Assert.Contains(
            "warning: direct = \"/srv/shared\" joins [cell.vault] with other cells so that not all can run: "
            + "clearance: lobby may not have secret; secret vault -> /srv/shared -> lobby",
            found, StringComparison.Ordinal);
    }

    [Fact]
    public void APartOfADirectPathJoinsThoseWhoSeeOnlyThePart() => Assert.Contains(
        "so that not all can run: conflict \"secrets\": secret and out, at most 1 (/etc/p.toml:14); secret vault -> /srv/shared/sub -> net",
        Policies.Check(Tags + Resources + """
            [files]
            read-only = ["/"]
            hide = ["/srv/shared"]
            [cell.vault]
            label = ["secret"]
            net = ["vault.corp:443"]
            direct = ["/srv/shared"]
            [cell.net]
            label = ["web"]
            net = ["github.com:443"]
            read-only = ["/srv/shared/sub"]

            """),
        StringComparison.Ordinal);

    [Fact]
    public void TaggedTreesAreNotThereUnlessACellNamesThem()
    {
        string text = Tags + """
            [[resource]]
            name = "exports"
            paths = ["~/exports"]
            source = ["secret"]
            [files]
            read-only = ["/"]
            copy-on-write = ["~", "~/exports/tmp"]
            [cell.plain]
            copy-on-write = ["~"]
            [cell.e]
            label = ["secret"]
            read-only = ["~/exports/2024"]

            """;
        EffectivePolicy policy = Contexts.Load(text).Policy!;
        Assert.True(policy.Walls!.TryFindCell("plain", out CellRule? plain) & policy.Walls.TryFindCell("e", out CellRule? e));
        EffectivePolicy inPlain = policy.Walls.PolicyOf(policy, plain!), inE = policy.Walls.PolicyOf(policy, e!);
        foreach ((string path, PathMode? lobby, PathMode? asE) in new (string, PathMode?, PathMode?)[]
        {
            ("/home/alice/notes", PathMode.CopyOnWrite, PathMode.CopyOnWrite),
            ("/home/alice/exports", PathMode.Hidden, PathMode.Hidden),
            ("/home/alice/exports/tmp/x", PathMode.Hidden, PathMode.Hidden),
            ("/home/alice/exports/2024/x", PathMode.Hidden, PathMode.ReadOnly),
        })
        {
            Assert.Equal(lobby, PathDecision.Of(policy.Walls.PolicyOfLobby(policy).Paths, path).Mode);
            Assert.Equal(lobby, PathDecision.Of(inPlain.Paths, path).Mode);
            Assert.Equal(asE, PathDecision.Of(inE.Paths, path).Mode);
        }

        Assert.Contains(
            "/etc/p.toml:11:23: warning: copy-on-write = \"~/exports/tmp\" hands nobody anything: it lies in the resource \"exports\"",
            Policies.Check(text), StringComparison.Ordinal);
        Assert.Contains(
            "/etc/p.toml:16:14: error: read-only = \"~/exports/2024\" brings secret into [cell.e], whose label does not have it: "
            + "clearance: e may not have secret; secret exports -> e",
            Policies.Check(text.Replace("label = [\"secret\"]\n", "\n", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void TheLobbyBelongsToNoSide() => Assert.Equal(
        """
        /etc/p.toml:19:10: error: allow = "github.com:443" reaches the resource "internet" (/etc/p.toml:9), which has tags, and [network] is for the lobby, which belongs to no side
            grant it in a cell; where the rule is of a policy that this one extends, deny = ["github.com:443"] in [network] takes it back

        """,
        Policies.Check(Tags + Resources + """
            [network]
            allow = ["github.com:443", "mirror.corp:80"]
            """));

    [Fact]
    public void WallsThatHoldNothingAreTold()
    {
        Assert.Equal(
            """
            /etc/p.toml:4:1: warning: tag "web" is on no resource: nothing ever has it
                add a [[resource]] with source or sink = ["web"]
            /etc/p.toml:9:1: warning: conflict "c" cannot strike: at most 1 may meet, and resources have only secret of secret and web
            /etc/p.toml:16:1: warning: [cell.a] has out as a source, and no resource gives it: it is a sink
                a cell's sinks are those of the resources that it is granted; nothing more is to be said
            /etc/p.toml:18:1: warning: gate "g" leads nowhere: no conflict set keeps web from out

            """,
            Policies.Check(Tags + """
                [[resource]]
                name = "r"
                net = ["r.corp:1"]
                source = ["secret"]
                [[conflict]]
                name = "c"
                never_all = ["secret", "web"]
                [[resource]]
                name = "s"
                net = ["s.corp:1"]
                [cell.a]
                label = ["out"]
                [[gate]]
                name = "g"
                kind = "approval"
                from = ["web"]
                to = ["out"]
                approvers = ["alice"]
                """.Replace("net = [\"s.corp:1\"]", "net = [\"s.corp:1\"]\nsink = [\"out\"]", StringComparison.Ordinal)));
    }

    [Fact]
    public void AGateThatLeavesSomethingOfALabelIsFound() => Assert.Contains(
        "warning: gate \"count\" takes db:customers off, and web of [cell.both] would be left: nothing of that cell passes",
        Policies.Check(Policies.CustomerData.Replace("[tags]", "[tags]\nweb = \"what others wrote\"", StringComparison.Ordinal) + """
            [[resource]]
            name = "forum"
            net = ["forum.corp:443"]
            source = ["web"]
            [cell.both]
            label = ["db:customers", "web"]
            """),
        StringComparison.Ordinal);

    [Fact]
    public void AFloatingCellMayBeGrantedMoreThanGoesTogether() => Assert.Equal("", Policies.Check(Tags + Resources + """
        [cell.free]
        clearance = ["secret", "web"]
        net = ["vault.corp:443", "github.com:443"]
        """));

    [Fact]
    public void WhatMustNotRunAtOnceMayBeGrantedToCellsOfBothSides() => Assert.Equal("", Policies.Check(
        Policies.CustomerData.Replace("at_most = 1", "at_most = 1\nexclusive = true", StringComparison.Ordinal)));

    [Fact]
    public void ACellsGrantsAreCheckedForEscapesAsAllOthers()
    {
        string found = Policies.Check(Policies.CustomerData + """
            [cell.evil]
            direct = ["/etc"]
            net = ["169.254.169.254:80"]
            """);
        Assert.Contains("danger: direct = \"/etc\" makes", found, StringComparison.Ordinal);
        Assert.Contains("the cloud's metadata service answers", found, StringComparison.Ordinal);
        Assert.DoesNotContain("grants the whole internet", Policies.Check(Policies.CustomerData.Replace(
            "net = [\"github.com:443\"]", "net = [\"*:443\"]", StringComparison.Ordinal)), StringComparison.Ordinal);
    }
}
