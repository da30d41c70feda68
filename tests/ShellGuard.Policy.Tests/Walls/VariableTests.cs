using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

/// <summary>Variables of the caller as resources: secrets that only some cells get.</summary>
public sealed class VariableTests
{
    private const string Tables = """

        [[resource]]
        name = "token"
        environment = ["CRM_TOKEN"]
        source = ["db:customers"]

        [cell.crm]
        label = ["db:customers"]
        environment = ["CRM_TOKEN"]

        """;

    private static readonly Dictionary<string, string> Caller = new()
    {
        ["CRM_TOKEN"] = "secret",
        ["CRM_HOST"] = "crm.corp",
    };

    [Fact]
    public void OnlyACellThatNamesItHasIt()
    {
        EffectivePolicy policy = Contexts.Load(Policies.CustomerData + Tables + """
            [environment]
            pass = ["CRM_*"]
            set = { CRM_TOKEN = "fixed" }
            """).Policy!;
        Assert.True(policy.Walls!.TryFindCell("crm", out CellRule? crm));
        Assert.True(policy.Walls.TryFindCell("db", out CellRule? db));
        Assert.Equal("secret", policy.Walls.PolicyOf(policy, crm).Environment.Apply(Caller)["CRM_TOKEN"]);
        foreach (EffectivePolicy without in (EffectivePolicy[])[policy.Walls.PolicyOf(policy, db), policy.Walls.PolicyOfLobby(policy)])
        {
            IReadOnlyDictionary<string, string> left = without.Environment.Apply(Caller);
            Assert.DoesNotContain("CRM_TOKEN", left.Keys);
            Assert.Equal("crm.corp", left["CRM_HOST"]);
        }

        ResourceGrant grant = Assert.Single(policy.Walls.GrantsOf(crm));
        Assert.Equal(("token", false), (grant.Resource.Name, grant.Sends));
    }

    [Fact]
    public void ItIsASourceLikeOthers()
    {
        Assert.Equal("", Policies.Check(Policies.CustomerData + Tables));
        Assert.Contains(
            "error: ", Policies.Check(Policies.CustomerData + Tables.Replace("label = [\"db:customers\"]", "label = []", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[[resource]]\nname = \"t\"\nenvironment = [\"A*\"]\nsource = [\"db:customers\"]", "a variable's name has letters, digits and underscores")]
    [InlineData("[[resource]]\nname = \"t\"\nenvironment = [\"A\"]\nsource = [\"db:customers\"]\nsink = [\"net:internet\"]", "a variable is only read")]
    [InlineData("[cell.c]\nlabel = [\"db:customers\"]\nenvironment = [\"A\"]", "no resource has the variable A")]
    [InlineData("[cell.c]\nclearance = [\"db:customers\"]\nenvironment = [\"CRM_TOKEN\"]", "is for a cell without a clearance")]
    public void MistakesAreReported(string table, string message) =>
        Assert.Contains(message, Policies.Check(Policies.CustomerData + Tables + table), StringComparison.Ordinal);
}
