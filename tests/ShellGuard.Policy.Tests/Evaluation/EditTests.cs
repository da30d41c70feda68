using System.Text;
using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using Xunit;

namespace ShellGuard.Policy.Tests.Evaluation;

public sealed class EditTests
{
    private static readonly PolicyKey _allow = PolicyKeys.Find("network", "allow")!;

    [Theory]
    [InlineData("", "[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("# mine", "# mine\n\n[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("[files]\nhide = []\n", "[files]\nhide = []\n\n[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("[network] # x\nask = [\"b.org:1\"]\n", "[network] # x\nallow = [\"a.org:1\"]\nask = [\"b.org:1\"]\n")]
    [InlineData("[network]", "[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("[network]\nallow = []\n", "[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("[network]\nallow = [ # why\n  \"b.org:1\", # b\n]\n", "[network]\nallow = [ # why\n  \"a.org:1\", \"b.org:1\", # b\n]\n")]
    [InlineData("[network]\nallow = [\"a.org:1\"]\n", "[network]\nallow = [\"a.org:1\"]\n")]
    [InlineData("network.ask = [\"b.org:1\"]\n", "network.allow = [\"a.org:1\"]\nnetwork.ask = [\"b.org:1\"]\n")]
    [InlineData("network = { allow = [\"😀.org:1\"] }\n", "network = { allow = [\"a.org:1\", \"😀.org:1\"] }\n")]
    public void AddsAndKeepsTheRest(string text, string expected)
    {
        Assert.True(PolicyEdit.TryAdd(Encoding.UTF8.GetBytes(text), _allow, "a.org:1", out string? edited, out string? problem), problem);
        Assert.Equal(expected, edited);
    }

    [Theory]
    [InlineData("[network\n")]
    [InlineData("network = 1\n")]
    [InlineData("network = { ask = [] }\n")]
    [InlineData("[network]\nallow = \"a.org:1\"\n")]
    public void RefusesWhatItCannotRead(string text)
    {
        Assert.False(PolicyEdit.TryAdd(Encoding.UTF8.GetBytes(text), _allow, "a.org:1", out _, out string? problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void AnAnswerForAlwaysIsObeyedNextTime()
    {
        Assert.True(PolicyEdit.TryAdd("extends = \"agent\"\n"u8, _allow, "github.com:443", out string? edited, out _));
        var network = Contexts.Load(edited).Policy!.Network;
        Assert.Equal(Decision.Allow, network.ForName("github.com", 443).Decision);
        Assert.Equal(Decision.Ask, network.ForName("github.com", 22).Decision);
    }

    [Fact]
    public void AValueCannotBreakOutOfItsQuotes()
    {
        var hide = PolicyKeys.Find("files", "hide")!;
        const string Odd = "/a\"]\\\n[network]\nallow = [\"*:*";
        Assert.True(PolicyEdit.TryAdd(default, hide, Odd, out string? edited, out _));
        Assert.Equal(2, edited.Count(c => c == '\n'));
    }
}
