using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Model;

public sealed class GlobTests
{
    [Theory]
    [InlineData("/home/*", "/home/bob", true)]
    [InlineData("/home/*", "/home/.hidden", true)]
    [InlineData("/home/*", "/home", false)]
    [InlineData("/home/*", "/home/bob/x", false)]
    [InlineData("/**/.env", "/.env", true)]
    [InlineData("/**/.env", "/a/b/c/.env", true)]
    [InlineData("/**/.env", "/a/x.env", false)]
    [InlineData("/a/**", "/a", true)]
    [InlineData("/a/**", "/a/b/c", true)]
    [InlineData("/a/**/b/**/c", "/a/x/b/y/z/c", true)]
    [InlineData("/a/**/b/**/c", "/a/x/y/z/c", false)]
    [InlineData("/etc/ssh/ssh_host_*_key", "/etc/ssh/ssh_host_ed25519_key", true)]
    [InlineData("/etc/ssh/ssh_host_*_key", "/etc/ssh/ssh_host_ed25519_key.pub", false)]
    [InlineData("/a?c", "/abc", true)]
    [InlineData("/a?c", "/ac", false)]
    [InlineData("/[a-c]x", "/bx", true)]
    [InlineData("/[!a-c]x", "/bx", false)]
    [InlineData("/[^a-c]x", "/dx", true)]
    [InlineData("/[]]x", "/]x", true)]
    [InlineData("/[a-]x", "/-x", true)]
    [InlineData("/[*]", "/*", true)]
    [InlineData("/[*]", "/a", false)]
    [InlineData("/*a*b*c", "/xxaxxbxxc", true)]
    [InlineData("/*a*b*c", "/xxaxxbxx", false)]
    [InlineData("/A", "/a", false)]
    public void Matches(string pattern, string path, bool expected)
    {
        Assert.True(Glob.TryParse(pattern, out var glob, out string? problem), problem);
        Assert.Equal(expected, glob.IsMatch(path));
    }

    [Theory]
    [InlineData("/a**b")]
    [InlineData("/***")]
    [InlineData("/[a")]
    [InlineData("/[]")]
    [InlineData("/[!]")]
    [InlineData("/[a/b]")]
    public void RefusesWhatCannotBeMeant(string pattern) => Assert.False(Glob.TryParse(pattern, out _, out _));

    [Theory]
    [InlineData("/home/*/x", "/home", true)]
    [InlineData("/home/*/x", "/home/bob", true)]
    [InlineData("/home/*/x", "/home/bob/x", false)]
    [InlineData("/home/*/x", "/etc", false)]
    [InlineData("/**/x", "/anything/at/all", true)]
    [InlineData("/a/*", "/", true)]
    public void KnowsWhereToLook(string pattern, string directory, bool expected)
    {
        Assert.True(Glob.TryParse(pattern, out var glob, out _));
        Assert.Equal(expected, glob.CouldMatchBeneath(directory));
    }

    [Fact]
    public void ManyStarsDoNotTakeForever()
    {
        Assert.True(Glob.TryParse(
            "/" + string.Concat(Enumerable.Repeat("**/", 200)) + string.Concat(Enumerable.Repeat("*a", 200)) + "b",
            out var glob, out _));
        string path = "/" + string.Concat(Enumerable.Repeat("a/", 1000)) + new string('a', 2000);
        var time = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(glob.IsMatch(path));
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("a[*]b", true, "a*b")]
    [InlineData("a[[]b]", true, "a[b]")]
    [InlineData("a[?]", true, "a?")]
    [InlineData("a[x]", false, "a[x]")]
    [InlineData("a*", false, "a*")]
    public void SingleSetsAreLiteral(string text, bool expected, string literal)
    {
        Assert.Equal(expected, Glob.TryLiteral(text, out string found));
        Assert.Equal(literal, found);
    }

    [Fact]
    public void QuotedTextMatchesItself()
    {
        const string Odd = "/a*b/[c]/d?";
        Assert.True(Glob.TryParse(Glob.Quote(Odd), out var glob, out _));
        Assert.True(glob.IsMatch(Odd));
        Assert.False(glob.IsMatch("/axb/c/dd"));
    }
}
