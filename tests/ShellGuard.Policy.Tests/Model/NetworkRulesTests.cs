using System.Net;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using Xunit;

namespace ShellGuard.Policy.Tests.Model;

public sealed class NetworkRulesTests
{
    [Fact]
    public void NothingIsGrantedByDefault()
    {
        var verdict = Rules("").ForName("github.com", 443);
        Assert.Equal(Decision.Deny, verdict.Decision);
        Assert.Equal("--net github.com:443", verdict.WayOn);
        Assert.Equal("no rule grants github.com:443", verdict.Reason);
        Assert.Equal("--net [2001:db9::1]:443", Rules("").ForAddress(IPAddress.Parse("2001:db9::1"), 443).WayOn);
    }

    [Theory]
    [InlineData("allow=[\"a.org:443\"]", "a.org", 443, Decision.Allow)]
    [InlineData("allow=[\"a.org:443\"]", "A.ORG.", 443, Decision.Allow)]
    [InlineData("allow=[\"a.org:443\"]", "a.org", 80, Decision.Deny)]
    [InlineData("allow=[\"a.org:443\"]", "b.a.org", 443, Decision.Deny)]
    [InlineData("allow=[\"*.a.org:443\"]", "b.a.org", 443, Decision.Allow)]
    [InlineData("allow=[\"*.a.org:443\"]", "a.org", 443, Decision.Deny)]
    [InlineData("allow=[\"*:*\"]\ndeny=[\"a.org:*\"]", "a.org", 443, Decision.Deny)]
    [InlineData("allow=[\"a.org:443\"]\ndeny=[\"a.org:*\"]", "a.org", 443, Decision.Allow)]
    [InlineData("allow=[\"a.org:443\"]\ndeny=[\"a.org:*\"]", "a.org", 80, Decision.Deny)]
    [InlineData("allow=[\"*.a.org:*\"]\ndeny=[\"*.b.a.org:*\"]", "x.b.a.org", 1, Decision.Deny)]
    [InlineData("allow=[\"x.b.a.org:*\"]\ndeny=[\"*.a.org:22\"]", "x.b.a.org", 22, Decision.Allow)]
    [InlineData("ask=[\"*:*\"]\nallow=[\"a.org:443\"]", "b.org", 443, Decision.Ask)]
    [InlineData("allow=[\"*:*\"]", "0x7f000001", 443, Decision.Deny)]
    [InlineData("allow=[\"*:*\"]", "a.org\n", 443, Decision.Deny)]
    public void TheMostSpecificRuleDecides(string text, string host, int port, Decision expected) =>
        Assert.Equal(expected, Rules(text).ForName(host, port).Decision);

    [Theory]
    [InlineData("allow=[\"a.org:443\"]", Decision.Allow)]
    [InlineData("ask=[\"a.org:443\"]", Decision.Ask)]
    [InlineData("deny=[\"a.org:*\"]\nallow=[\"a.org:443\"]", Decision.Allow)]
    [InlineData("allow=[\"a.org:*\"]\ndeny=[\"a.org:443\"]", Decision.Allow)]
    [InlineData("allow=[\"*.org:443\"]\ndeny=[\"a.org:*\"]", Decision.Deny)]
    [InlineData("allow=[\"*.org:443\"]\ndeny=[\"a.org:443\"]", Decision.Deny)]
    [InlineData("ask=[\"*:*\"]\ndeny=[\"a.org:*\"]", Decision.Deny)]
    [InlineData("", Decision.Deny)]
    public void ForAnyPortSomePortMustBeReachable(string text, Decision expected) =>
        Assert.Equal(expected, Rules(text).ForName("a.org", null).Decision);

    [Theory]
    [InlineData("allow=[\"10.0.0.0/8:5432\"]", "10.1.2.3", Decision.Allow)]
    [InlineData("allow=[\"10.0.0.0/8:5432\"]", "::ffff:10.1.2.3", Decision.Allow)]
    [InlineData("allow=[\"10.0.0.0/8:5432\"]", "11.1.2.3", Decision.Deny)]
    [InlineData("allow=[\"10.0.0.0/8:5432\"]\ndeny=[\"10.1.0.0/16:*\"]", "10.1.2.3", Decision.Deny)]
    [InlineData("allow=[\"10.1.2.3:*\"]\ndeny=[\"10.1.0.0/16:*\"]", "10.1.2.3", Decision.Allow)]
    [InlineData("allow=[\"0.0.0.0/0:*\"]", "8.8.8.8", Decision.Allow)]
    [InlineData("allow=[\"0.0.0.0/0:*\"]", "10.1.2.3", Decision.Deny)]
    [InlineData("allow=[\"0.0.0.0/0:*\"]", "169.254.169.254", Decision.Deny)]
    [InlineData("allow=[\"0.0.0.0/0:*\"]", "::ffff:127.0.0.1", Decision.Deny)]
    [InlineData("ask=[\"[::]/0:*\"]", "2606:4700::1", Decision.Ask)]
    [InlineData("ask=[\"[::]/0:*\"]", "fd00::1", Decision.Deny)]
    [InlineData("ask=[\"[::]/0:*\"]", "64:ff9b::a00:1", Decision.Deny)]
    [InlineData("allow=[\"169.254.169.254:*\"]", "169.254.169.254", Decision.Allow)]
    [InlineData("allow=[\"*:*\"]", "8.8.8.8", Decision.Deny)]
    public void AddressesAreGrantedByAddressOnly(string text, string address, Decision expected) =>
        Assert.Equal(expected, Rules(text).ForAddress(IPAddress.Parse(address), 5432).Decision);

    [Fact]
    public void AReservedAddressSaysWhy()
    {
        var verdict = Rules("allow=[\"0.0.0.0/0:*\"]").ForAddress(IPAddress.Parse("169.254.169.254"), 80);
        Assert.Contains("link-local, cloud metadata", verdict.Reason, StringComparison.Ordinal);
        Assert.Equal("--net 169.254.169.254:80", verdict.WayOn);
    }

    [Fact]
    public void AFlagCannotBeatADenialOfTheSameEndpointAndTheWayOnKnows()
    {
        const string Text = "deny=[\"a.org:443\", \"*.b.org:443\"]";
        var exact = Rules(Text, new PolicyFlag("--net", "a.org:443")).ForName("a.org", 443);
        Assert.Equal(Decision.Deny, exact.Decision);
        Assert.Equal("remove deny = \"a.org:443\" (/etc/p.toml:2)", exact.WayOn);

        var broad = Rules(Text).ForName("x.b.org", 443);
        Assert.Equal("--net x.b.org:443", broad.WayOn);
        Assert.Equal(
            Decision.Allow, Rules(Text, new PolicyFlag("--net", "x.b.org:443")).ForName("x.b.org", 443).Decision);
    }

    [Fact]
    public void BetweenAllowAndAskTheLaterSourceDecides()
    {
        Assert.Equal(
            Decision.Allow,
            Rules("ask=[\"a.org:443\"]", new PolicyFlag("--net", "a.org:443")).ForName("a.org", 443).Decision);
        Assert.Equal(
            Decision.Ask,
            Rules("allow=[\"a.org:443\"]", new PolicyFlag("--net-ask", "a.org:443")).ForName("a.org", 443).Decision);
    }

    [Fact]
    public void TheRuleOfAVerdictIsTheLineThatSaysIt()
    {
        var verdict = Rules("allow=[\n  \"a.org:443\",\n  \"b.org:443\",\n]").ForName("b.org", 443);
        Assert.Equal(new RuleSource("/etc/p.toml", 4, 3, "allow = \"b.org:443\""), verdict.Rule);
    }

    [Fact]
    public void WhatIsDeniedForAnyPortIsDeniedForEveryPort()
    {
        var rule = from decision in Gen.Elements("allow", "ask", "deny")
                   from host in Gen.Elements("a.org", "*.org", "*", "x.a.org", "*.a.org")
                   from port in Gen.Elements("*", "80", "443")
                   select (decision, $"\"{host}:{port}\"");
        var name = Gen.Elements("a.org", "x.a.org", "b.org", "org");
        var property = Prop.ForAll(rule.ListOf().ToArbitrary(), name.ToArbitrary(), (rules, host) =>
        {
            // One decision for each endpoint: contradictions do not load.
            var distinct = rules.DistinctBy(r => r.Item2).ToLookup(r => r.decision, r => r.Item2);
            var network = Rules(string.Join('\n', distinct.Select(g => $"{g.Key}=[{string.Join(',', g)}]")));
            bool any = new[] { 80, 443, 1, 65535 }.Any(p => network.ForName(host, p).Decision != Decision.Deny);
            return any == (network.ForName(host, null).Decision != Decision.Deny);
        });
        property.QuickCheckThrowOnFailure();
    }

    /// <summary>Such a denial holds for what a granted name leads to.</summary>
    [Theory]
    [InlineData("1.2.3.4", true)]
    [InlineData("1.2.4.4", false)]
    [InlineData("9.9.9.9", true)]
    [InlineData("8.8.8.8", false)]
    public void ADenialIsOneThatARuleSaysOfLessThanAllAddresses(string address, bool isDenied) => Assert.Equal(
        isDenied,
        Rules("allow=[\"1.2.0.0/16:443\"]\ndeny=[\"1.2.3.0/24:443\", \"9.9.9.9:443\", \"0.0.0.0/0:443\"]")
            .DenialOf(IPAddress.Parse(address), 443) is not null);

    private static INetworkRules Rules(string text, params PolicyFlag[] flags) =>
        Contexts.Load("[network]\n" + text, null, flags).Policy!.Network;
}
