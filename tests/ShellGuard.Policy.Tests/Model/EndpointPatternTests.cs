using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Model;

public sealed class EndpointPatternTests
{
    [Theory]
    [InlineData("github.com:443", "github.com:443")]
    [InlineData("GitHub.COM.:443/tcp", "github.com:443")]
    [InlineData("*.Example.org:443", "*.example.org:443")]
    [InlineData("localhost:5432", "localhost:5432")]
    [InlineData("_sip._tcp.example.org:5060", "_sip._tcp.example.org:5060")]
    [InlineData("xn--bcher-kva.example:*", "xn--bcher-kva.example:*")]
    [InlineData("*:443", "*:443")]
    [InlineData("*:*", "*:*")]
    [InlineData("192.0.2.1:80", "192.0.2.1:80")]
    [InlineData("10.0.0.0/8:5432", "10.0.0.0/8:5432")]
    [InlineData("0.0.0.0/0:*/tcp", "0.0.0.0/0:*")]
    [InlineData("[::1]:443", "[::1]:443")]
    [InlineData("[2001:DB8:0:0::1]:65535", "[2001:db8::1]:65535")]
    [InlineData("[fd00::]/8:443", "[fd00::]/8:443")]
    public void AcceptsAndNormalises(string text, string expected)
    {
        Assert.True(EndpointPattern.TryParse(text, out var pattern, out string? problem), problem);
        Assert.Equal(expected, pattern.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("github.com")]
    [InlineData("github.com:")]
    [InlineData(":443")]
    [InlineData("github.com:0")]
    [InlineData("github.com:65536")]
    [InlineData("github.com:+443")]
    [InlineData("github.com: 443")]
    [InlineData("github.com:٤٤٣")]
    [InlineData("github.com:443/udp")]
    [InlineData("github.com:443/TCP")]
    [InlineData("https://github.com:443")]
    [InlineData("user@github.com:443")]
    [InlineData("git hub.com:443")]
    [InlineData("github.com\0.evil.org:443")]
    [InlineData("github.com\n:443")]
    [InlineData("github..com:443")]
    [InlineData(".github.com:443")]
    [InlineData("github.com..:443")]
    [InlineData("-a.com:443")]
    [InlineData("a-.com:443")]
    [InlineData("bücher.example:443")]
    [InlineData("g*.com:443")]
    [InlineData("*.*.com:443")]
    [InlineData("a.*.com:443")]
    [InlineData("*.:443")]
    [InlineData("2130706433:80")]
    [InlineData("0x7f000001:80")]
    [InlineData("0x7f.1:80")]
    [InlineData("017700000001:80")]
    [InlineData("127.1:80")]
    [InlineData("127.0.1:80")]
    [InlineData("127.0.0.01:80")]
    [InlineData("127.0.0.256:80")]
    [InlineData("1.2.3.4.5:80")]
    [InlineData("example.0x10:80")]
    [InlineData("*.1:80")]
    [InlineData("::1:443")]
    [InlineData("[::1]")]
    [InlineData("[::1]443")]
    [InlineData("[::1:443")]
    [InlineData("[fe80::1%eth0]:443")]
    [InlineData("[::ffff:10.0.0.1]:443")]
    [InlineData("[github.com]:443")]
    [InlineData("[127.0.0.1]:443")]
    [InlineData("10.0.0.1/8:443")]
    [InlineData("10.0.0.0/33:443")]
    [InlineData("10.0.0.0/-1:443")]
    [InlineData("10.0.0.0/08x:443")]
    [InlineData("10.0.0.0/:443")]
    [InlineData("example.org/8:443")]
    [InlineData("[fd00::]/129:443")]
    public void RefusesWithAReason(string text)
    {
        Assert.False(EndpointPattern.TryParse(text, out _, out string? problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void LabelsAndNamesHaveALimit()
    {
        string label = new('a', 63);
        string longest = string.Join('.', label, label, label, new string('b', 61));
        Assert.Equal(253, longest.Length);
        Assert.True(EndpointPattern.TryParse(longest + ":1", out _, out _));
        Assert.False(EndpointPattern.TryParse(longest + "b:1", out _, out _));
        Assert.False(EndpointPattern.TryParse(new string('a', 64) + ".org:1", out _, out _));
    }

    [Theory]
    [InlineData("*.example.org:1", "a.example.org", true)]
    [InlineData("*.example.org:1", "a.b.example.org", true)]
    [InlineData("*.example.org:1", "example.org", false)]
    [InlineData("*.example.org:1", "badexample.org", false)]
    [InlineData("*.example.org:1", ".example.org", false)]
    [InlineData("example.org:1", "example.org", true)]
    [InlineData("example.org:1", "a.example.org", false)]
    [InlineData("*:1", "anything", true)]
    [InlineData("10.0.0.0/8:1", "10.0.0.1", false)]
    public void MatchesNames(string pattern, string name, bool expected)
    {
        Assert.True(EndpointPattern.TryParse(pattern, out var parsed, out _));
        Assert.Equal(expected, parsed.MatchesName(name));
    }
}
