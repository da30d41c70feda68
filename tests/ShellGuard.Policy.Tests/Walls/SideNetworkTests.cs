using System.Net;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

public sealed class SideNetworkTests
{
    private static readonly WallRules Walls = Policies.Load(Policies.CustomerData);

    [Fact]
    public void What_a_conflict_keeps_away_is_told_with_conflict_path_and_where_it_is_granted()
    {
        Verdict verdict = Of("db").ForName("example.org", 443);
        Assert.Equal(Decision.Deny, verdict.Decision);
        Assert.StartsWith("no rule grants example.org:443, and none could: conflict \"", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("db:customers db -> internet", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("shellguard run --in net -- COMMAND, without what db has", verdict.WayOn, StringComparison.Ordinal);
        Assert.DoesNotContain("--net", verdict.WayOn, StringComparison.Ordinal);
        Assert.Contains("; or COMMAND | count", verdict.WayOn, StringComparison.Ordinal);

        // The cell's resolver asks without a port.
        Assert.Contains("none could: conflict", Of("db").ForName("example.org", null).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decisions_are_those_of_the_rules()
    {
        NetworkRules rules = Cell("db").Network;
        SideNetwork side = Of("db");
        Assert.Equal(Decision.Allow, side.ForName("db.corp", 5432).Decision);
        Assert.Equal(rules.ForName("db.corp", 5432), side.ForName("db.corp", 5432));
        Assert.Equal(rules.ForName("db.corp", 5433).Decision, side.ForName("db.corp", 5433).Decision);
        Assert.Equal(rules.DenialOf(IPAddress.Loopback, 1), side.DenialOf(IPAddress.Loopback, 1));
        Assert.Same(rules, NetworkRules.Of(side));
    }

    [Fact]
    public void What_no_conflict_keeps_away_can_be_granted_to_the_cell()
    {
        Verdict verdict = Of("db").ForAddress(IPAddress.Parse("10.1.2.3"), 80);
        Assert.Equal("net = [\"10.1.2.3:80\"] in [cell.db]", verdict.WayOn);
    }

    private static CellRule Cell(string name) => Walls.Cells.First(cell => cell.Name == name);

    private static SideNetwork Of(string name) => new(Cell(name).Network, Walls, [Cell(name)], Cell(name).Label, TagSet.Empty, name);
}
