using System.Text;
using System.Text.Json;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

/// <summary>What can get where is answered from a policy alone.</summary>
public sealed class WallQuestionTests
{
    private const string More = Policies.CustomerData + """
        [cell.plain]
        [cell.free]
        clearance = ["db:customers"]
        net = ["db.corp:5432", "github.com:443"]
        [[gate]]
        name = "alice"
        kind = "approval"
        from = ["db:customers"]
        to = ["net:internet"]
        approvers = ["alice", "bob"]
        second-person = true

        """;

    [Fact]
    public void WhatHoldsTheSinkReachesIt() => Assert.Equal(
        """
        yes: what net has can get to net:internet (anybody outside)
          net -> internet

        """,
        Ask("net", "reach", "net:internet"));

    [Fact]
    public void TheSentence() => Assert.Equal(
        """
        no: nothing that db has can get to net:internet (anybody outside)
          conflict "customer data": db:customers and net:internet, at most 1 (/etc/p.toml:16)
          db:customers  db -> net
          net:internet  net -> internet
          ways on: through the gate count (integer 0..1000000: 20 bits each time, 512 in 1h)
                   through the gate alice (approved by two of alice, bob)
                   in [cell.net], without what db has
                   in [cell.free], without what db has

        """,
        Ask("db", "reach", "net:internet"));

    [Fact]
    public void TheSentenceTheOtherWayRound() => Assert.Equal(
        """
        no: net can get nothing of db:customers (rows about customers)
          conflict "customer data": db:customers and net:internet, at most 1 (/etc/p.toml:16)
          db:customers  db -> net
          net:internet  net -> internet
          ways on: through the gate count (integer 0..1000000: 20 bits each time, 512 in 1h)
                   through the gate alice (approved by two of alice, bob)
                   in [cell.db], without what net has
                   in [cell.free], without what net has

        """,
        Ask("net", "get", "db:customers"));

    [Fact]
    public void OverARelayToACellThatCan() => Assert.Equal(
        "yes: what plain has can get to net:internet (anybody outside)\n  plain -> net -> internet\n",
        Ask("plain", "reach", "net:internet"));

    [Fact]
    public void TheLobbyCanSendButNotGet()
    {
        Assert.StartsWith("yes: what lobby has can get to net:internet", Ask("lobby", "reach", "net:internet"), StringComparison.Ordinal);
        Assert.Equal(
            """
            no: lobby can get nothing of db:customers (rows about customers)
              clearance: lobby may not have db:customers
              db:customers  db -> lobby
              ways on: in [cell.db], without what lobby has
                       in [cell.free], without what lobby has

            """,
            Ask("lobby", "get", "db:customers"));
    }

    [Fact]
    public void AFloatingCellCanEitherAndIsToldWhatItGivesUp()
    {
        Assert.Equal(
            "yes: what free has can get to net:internet (anybody outside)\n"
            + "  free -> internet\n"
            + "  not together with db:customers: what it gets first decides\n",
            Ask("free", "reach", "net:internet"));
        Assert.Equal(
            "yes: free can get db:customers (rows about customers)\n  customer database -> free\n",
            Ask("free", "get", "db:customers"));
    }

    [Fact]
    public void WhatNobodyIsHandedIsNotForbiddenForThat()
    {
        string text = Policies.CustomerData.Replace("[tags]\n", "[tags]\nusb = \"\"\nnowhere = \"\"\n", StringComparison.Ordinal) + """
            [[resource]]
            name = "stick"
            paths = ["/media"]
            sink = ["usb"]

            """;
        Assert.Equal(
            """
            no: nothing that db has can get to usb
              nobody hands it stick; no conflict set would forbid it
              ways on: direct = ["/media"] in [cell.db]

            """,
            Ask("db", "reach", "usb", text));
        Assert.Equal(
            "no: nothing that db has can get to nowhere\n  no resource of the policy leads there\n",
            Ask("db", "reach", "nowhere", text));
        Assert.Equal(
            "no: db can get nothing of usb\n  no resource of the policy gives it\n",
            Ask("db", "get", "usb", text));
    }

    /// <summary>A block of all addresses does not speak about a server of the own network; two cells that are granted that
    /// server are joined by it all the same.</summary>
    [Fact]
    public void AServerThatNoResourceNamesIsSaidAndJoins()
    {
        string text = Policies.CustomerData
            .Replace("net = [\"*:443\"]", "net = [\"*:443\", \"0.0.0.0/0:*\"]", StringComparison.Ordinal)
            .Replace("net = [\"db.corp:5432\"]\n\n[cell.net]", "net = [\"db.corp:5432\", \"10.0.0.5:80\"]\n\n[cell.net]", StringComparison.Ordinal);
        Assert.Contains(
            "\n  it sends to 10.0.0.5:80 (/etc/p.toml:24), which no resource names: what goes there counts for nothing\n",
            Ask("db", "reach", "net:internet", text), StringComparison.Ordinal);
        string both = text.Replace("net = [\"github.com:443\"]", "net = [\"github.com:443\", \"10.0.0.5:80\"]", StringComparison.Ordinal);
        Assert.Contains("db -> 10.0.0.5:80 -> net", Policies.Check(both), StringComparison.Ordinal);
        Assert.DoesNotContain("-> net", Policies.Check(text), StringComparison.Ordinal);
    }

    [Fact]
    public void ProgramsGetTheSame()
    {
        using JsonDocument no = JsonDocument.Parse(Json("db", "reach", "net:internet"));
        JsonElement root = no.RootElement;
        Assert.False(root.GetProperty("answer").GetBoolean());
        Assert.Equal("customer data", root.GetProperty("refusal").GetProperty("conflict").GetProperty("name").GetString());
        Assert.Equal(16, root.GetProperty("refusal").GetProperty("conflict").GetProperty("source").GetProperty("line").GetInt32());
        Assert.Equal("net", root.GetProperty("refusal").GetProperty("paths")[0].GetProperty("steps")[1].GetProperty("to").GetString());
        Assert.Equal(["count", "alice"], root.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()));
        using JsonDocument yes = JsonDocument.Parse(Json("plain", "reach", "net:internet"));
        Assert.True(yes.RootElement.GetProperty("answer").GetBoolean());
        Assert.Equal("net", yes.RootElement.GetProperty("through").GetString());
        Assert.Equal(
            [("edge", "plain", "net"), ("edge", "net", "internet"), ("declared", "internet", "internet")],
            yes.RootElement.GetProperty("path").EnumerateArray().Select(step => (
                step.GetProperty("kind").GetString()!, step.GetProperty("from").GetString()!, step.GetProperty("to").GetString()!)));
    }

    private static string Ask(string cell, string question, string tag, string text = More)
    {
        (WallRules walls, WallAnswer answer) = Answer(cell, question, tag, text);
        return new WallAnswerText(walls).Write(answer);
    }

    private static string Json(string cell, string question, string tag)
    {
        (WallRules walls, WallAnswer answer) = Answer(cell, question, tag, More);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            new WallAnswerJson(walls).Write(json, answer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static (WallRules Walls, WallAnswer Answer) Answer(string cell, string question, string tag, string text)
    {
        EffectivePolicy policy = Contexts.Load(text).Policy!;
        WallRules walls = policy.Walls!;
        CellRule asked = walls.TryFindCell(cell, out CellRule? known) ? known : WallRules.LobbyOf(policy);
        TagRule about = walls.Tags.Single(known => known.Name == tag);
        return (walls, question == "reach"
            ? WallQuestion.CanReach(walls, policy, asked, about.Tag)
            : WallQuestion.CanGet(walls, policy, asked, about.Tag));
    }
}
