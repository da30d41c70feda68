using System.Globalization;
using System.Net;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Network;

/// <summary>What each kind of network grant reaches, and what lies just beside it.</summary>
public sealed class GrantTests
{
    [Theory, BothIdentities]
    public void A_wildcard_grants_sub_domains_in_both_address_families_and_not_the_domain(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        string[] flags = ["--net", $"*.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"];
        Assert.Equal(
            "hello\nhello\n",
            area.InsideShell(
                flags,
                $"for family in 4 6; do cat </dev/tcp/$(getent ahostsv$family git.shellguard.test | sed 's/ .*//;q')/{port}; done")
                .Succeed().Output);
        int greeted = server.Greeted;
        Assert.Equal(
            "1 1 1\n",
            area.InsideShell(
                flags,
                $"for name in shellguard.test notshellguard.test git.shellguard.test.example; do cat </dev/tcp/$name/{port}; r+=($?); done; echo ${{r[*]}}")
                .Succeed().Output);
        Assert.Equal(greeted, server.Greeted);
    }

    /// <summary>That a name is granted does not grant the private address that it resolves to.</summary>
    [Theory, BothIdentities]
    public void A_name_that_leads_to_a_reserved_address_needs_that_granted_too(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        string line = $"cat </dev/tcp/git.shellguard.test/{port}";
        Assert.Equal(1, area.InsideShell(["--net", $"git.shellguard.test:{port}"], line).Status);
        Assert.Equal(1, area.InsideShell(["--net", $"*:{port}", "--net", $"0.0.0.0/0:{port}"], line).Status);
        Assert.Equal(0, server.Greeted);
    }

    [Theory, BothIdentities]
    public void A_block_of_addresses_ends_where_it_ends(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter within = new("within\n", IPAddress.Parse("127.0.5.9"));
        using Greeter beside = new("beside\n", IPAddress.Parse("127.0.6.9"), within.Port);
        string port = within.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            "within\n1\n",
            area.InsideShell(
                ["--net", $"127.0.5.0/24:{port}"],
                $"cat </dev/tcp/127.0.5.9/{port}; cat </dev/tcp/127.0.6.9/{port}; echo $?").Succeed().Output);
        Assert.Equal(0, beside.Greeted);
    }

    [Theory, BothIdentities]
    public void An_IPv6_address_is_granted_for_itself(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter six = new("six\n", IPAddress.IPv6Loopback);
        using Greeter four = new("four\n", IPAddress.Loopback, six.Port);
        string port = six.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            "six\n1\n",
            area.InsideShell(
                ["--net", $"[::1]:{port}"],
                $"cat </dev/tcp/::1/{port}; cat </dev/tcp/127.0.0.1/{port} || cat </dev/tcp/::ffff:127.0.0.1/{port}; echo $?")
                .Succeed().Output);
        Assert.Equal(0, four.Greeted);
    }

    [Theory, BothIdentities]
    public void What_asks_without_a_terminal_is_denied_and_says_so(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        area.Write("policy.toml", $"extends = \"default\"\n[network]\nask = [\"127.0.0.1:{port}\"]\n");
        Assert.Equal(
            1, area.InsideShell(["--policy", "policy.toml"], $"cat </dev/tcp/127.0.0.1/{port}").Status);
        Assert.Equal(0, server.Greeted);
        Assert.Contains("there is no terminal to ask at", area.Shellguard("why"), StringComparison.Ordinal);
    }
}
