using System.Net;
using System.Text;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using Xunit;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>What a name resolves to is up to its owner, who may be the attacker.</summary>
public sealed class ResolvedAddressesTests
{
    private const string Text = """
        [tags]
        secret = "what only we know"
        out = "whoever is outside"

        [[resource]]
        name = "vault"
        net = ["vault.example:443", "8.8.4.4:5432"]
        source = ["secret"]

        [[resource]]
        name = "internet"
        net = ["*:443", "*:5432", "0.0.0.0/0:443"]
        sink = ["out"]
        """;

    private static readonly RuleSource Granted = new("/p.toml", 1, 1, "allow");

    private readonly FakeResolver _resolver = new() { Table = { ["vault.example"] = [IPAddress.Parse("8.8.8.8")] } };
    private readonly FakeRules _rules = new() { Addresses = { [(IPAddress.Parse("9.9.9.9"), 443)] = Decision.Deny } };
    private readonly ResolvedAddresses _judge;

    public ResolvedAddressesTests()
    {
        PolicyResult loaded = PolicyLoader.Load(
            new PolicyRequest("/p.toml", [], new PolicyContext("/home/ann", "/home/ann", "ann", 1000)), new OneFile());
        _judge = new ResolvedAddresses(_rules, loaded.Policy!.Walls, _resolver);
    }

    [Theory]
    [InlineData("evil.example", "8.8.8.8", 443, "leads to vault")]
    [InlineData("evil.example", "8.8.8.8", 5432, null)]
    [InlineData("evil.example", "8.8.4.4", 5432, "leads to vault")]
    [InlineData("evil.example", "8.8.4.4", 443, null)]
    [InlineData("vault.example", "8.8.8.8", 443, null)]
    [InlineData("evil.example", "127.0.0.1", 443, "leads to")]
    [InlineData("evil.example", "9.9.9.9", 443, "by the table")]
    [InlineData("evil.example", "9.9.9.9", 80, null)]
    [InlineData("evil.example", "5.6.7.8", 443, null)]
    public void A_name_leads_to_nothing_that_has_a_rule_or_tags_of_its_own(
        string name, string address, int port, string? reason)
    {
        Verdict? refusal = _judge.Refuse(Granted, name, IPAddress.Parse(address), port);
        if (reason is null)
        {
            Assert.Null(refusal);
        }
        else
        {
            Assert.Contains(reason, refusal!.Reason, StringComparison.Ordinal);
            Assert.NotNull(refusal.WayOn);
        }
    }

    [Fact]
    public void A_resources_own_name_is_not_asked_for_at_each_connect()
    {
        for (int i = 0; i < 5; i++)
        {
            _judge.Refuse(Granted, "evil.example", IPAddress.Parse("5.6.7.8"), 443);
        }

        Assert.Equal(1, _resolver.Calls);
    }

    [Fact]
    public void Where_a_tagged_name_leads_cannot_be_told_while_the_resolver_does_not_answer()
    {
        _resolver.IsOut = true;
        Verdict? refusal = _judge.Refuse(Granted, "evil.example", IPAddress.Parse("5.6.7.8"), 443);
        Assert.Contains("cannot be resolved now", refusal!.Reason, StringComparison.Ordinal);

        // A resource without names, and a port that is not the name's, need no resolver.
        Assert.Null(_judge.Refuse(Granted, "evil.example", IPAddress.Parse("5.6.7.8"), 5432));

        _resolver.IsOut = false;
        Assert.Null(_judge.Refuse(Granted, "evil.example", IPAddress.Parse("5.6.7.8"), 443));
    }

    private sealed class OneFile : IPolicyFiles
    {
        public PolicyFileContent Read(string path) => PolicyFileContent.Of(Encoding.UTF8.GetBytes(Text));
    }
}
