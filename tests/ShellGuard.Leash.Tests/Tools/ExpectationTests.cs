using System.Text;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Leash.Tools;
using Xunit;

namespace ShellGuard.Leash.Tests.Tools;

public sealed class ExpectationTests
{
    [Theory]
    [InlineData("ls1", "allow", "ls1", null)]
    [InlineData("ls1 -l", "deny", null, null)]
    [InlineData("ls1", "deny", null, "x.toml:1: 'ls1' is allowed by line 3")]
    [InlineData("rm", "allow", null, "x.toml:1: 'rm' is denied")]
    [InlineData("ls1", "allow", "envg", "x.toml:1: 'ls1' runs 'ls1' and not 'envg'")]
    public void What_is_expected_and_what_is(string line, string verdict, string? name, string? problem)
    {
        string text = $"[[expect]]\nline = '{line}'\nverdict = '{verdict}'\n" + (name is null ? "" : $"name = '{name}'\n");
        IReadOnlyList<string> wrong = ExpectationFile.Check(
            "x.toml", ExpectationFile.Read("x.toml", Encoding.UTF8.GetBytes(text)), Base.Configuration);
        Assert.Equal(problem is null ? [] : [problem], wrong);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[[expect]]\nline = 'a'")]
    [InlineData("[[expect]]\nline = 'a'\nverdict = 'maybe'")]
    [InlineData("[[expect]]\nline = 'a'\nverdict = 'deny'\nnmae = 'x'")]
    [InlineData("[[expct]]\nline = 'a'\nverdict = 'deny'")]
    [InlineData("expect = 3")]
    public void A_file_that_checks_nothing_is_a_mistake(string text) =>
        Assert.Throws<LeashException>(() => ExpectationFile.Read("x.toml", Encoding.UTF8.GetBytes(text)));
}
