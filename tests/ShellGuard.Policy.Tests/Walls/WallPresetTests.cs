using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

public sealed class WallPresetTests
{
    [Theory]
    [InlineData("customer-data")]
    [InlineData("agent-trifecta")]
    [InlineData("chinese-wall")]
    public void ThePresetsPassTheirOwnCheck(string preset)
    {
        foreach (PolicyContext context in new[] { Contexts.Alice, Contexts.Root })
        {
            (PolicyResult result, IReadOnlyList<Diagnostic> findings) =
                PolicyLint.LoadAndCheck(new PolicyRequest(preset, [], context), new MemoryFiles());
            Assert.NotNull(result.Policy?.Walls);
            Assert.DoesNotContain(findings, finding => finding.Severity >= Severity.Danger
                || (finding.Severity == Severity.Warning && finding.File == $"preset:{preset}"));
        }
    }

    [Theory]
    [InlineData("customer-data", "db", "reach", "net:internet", false)]
    [InlineData("customer-data", "db", "get", "db:customers", true)]
    [InlineData("customer-data", "net", "reach", "net:internet", true)]
    [InlineData("customer-data", "net", "get", "db:customers", false)]
    [InlineData("customer-data", "lobby", "get", "db:customers", false)]
    [InlineData("agent-trifecta", "read", "get", "private", true)]
    [InlineData("agent-trifecta", "read", "get", "untrusted", true)]
    [InlineData("agent-trifecta", "read", "reach", "outward", false)]
    [InlineData("agent-trifecta", "web", "get", "private", false)]
    [InlineData("agent-trifecta", "web", "get", "untrusted", true)]
    [InlineData("agent-trifecta", "web", "reach", "outward", true)]
    [InlineData("agent-trifecta", "send", "get", "private", true)]
    [InlineData("agent-trifecta", "send", "get", "untrusted", false)]
    [InlineData("agent-trifecta", "send", "reach", "outward", true)]
    [InlineData("chinese-wall", "a", "get", "client:a", true)]
    [InlineData("chinese-wall", "a", "get", "client:b", false)]
    [InlineData("chinese-wall", "b", "reach", "client:a", false)]
    [InlineData("chinese-wall", "desk", "get", "client:a", true)]
    [InlineData("chinese-wall", "desk", "get", "client:b", true)]
    public void ThePresetsSayWhatTheyPromise(string preset, string cell, string question, string tag, bool expected)
    {
        EffectivePolicy policy = Contexts.Preset(preset);
        WallRules walls = policy.Walls!;
        CellRule asked = walls.TryFindCell(cell, out CellRule? known) ? known : WallRules.LobbyOf(policy);
        TagRule about = walls.Tags.Single(known => known.Name == tag);
        WallAnswer answer = question == "reach"
            ? WallQuestion.CanReach(walls, policy, asked, about.Tag)
            : WallQuestion.CanGet(walls, policy, asked, about.Tag);
        Assert.Equal(expected, answer.Yes);
    }

    [Fact]
    public void WhoExtendsAPresetIsRemindedOfItsPlaceholders()
    {
        Assert.Contains(
            "warning: resource \"customer database\" is a placeholder", Policies.Check("extends = \"customer-data\"\n"), StringComparison.Ordinal);
        Assert.DoesNotContain("placeholder", Policies.Check("""
            extends = "customer-data"
            [[resource]]
            name = "customer database"
            net = ["db.corp:5432"]
            source = ["db:customers"]
            [cell.db]
            label = ["db:customers"]
            net = ["db.corp:5432"]
            """), StringComparison.Ordinal);
    }

    [Fact]
    public void TheProjectIsNotThereWhereTheWebIs()
    {
        EffectivePolicy policy = Contexts.Preset("agent-trifecta");
        Assert.Equal(PathMode.Hidden, ModeIn(policy, "web", "/home/alice/project/src"));
        Assert.Equal(PathMode.CopyOnWrite, ModeIn(policy, "read", "/home/alice/project/src"));
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Walls!.PolicyOfLobby(policy).Paths, "/home/alice/project").Mode);
    }

    [Fact]
    public void StandingInASecretDoesNotHandItToACell()
    {
        PolicyContext inSecret = Contexts.Alice with { WorkingDirectory = "/home/alice/.ssh" };
        Assert.Equal(PathMode.Hidden, ModeIn(Contexts.Preset("agent-trifecta", inSecret), "read", "/home/alice/.ssh/id_rsa"));
        PolicyContext atTop = Contexts.Alice with { WorkingDirectory = "/" };
        Assert.NotEqual(PathMode.CopyOnWrite, ModeIn(Contexts.Preset("agent-trifecta", atTop), "read", "/etc/passwd"));
    }

    private static PathMode? ModeIn(EffectivePolicy policy, string cell, string path)
    {
        Assert.True(policy.Walls!.TryFindCell(cell, out CellRule? known));
        return PathDecision.Of(policy.Walls.PolicyOf(policy, known).Paths, path).Mode;
    }
}
