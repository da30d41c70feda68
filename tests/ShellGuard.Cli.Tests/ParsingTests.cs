using System.CommandLine;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Tests;

public sealed class ParsingTests
{
    [Theory]
    [InlineData("rnu", "did you mean run?")]
    [InlineData("run", "COMMAND")]
    [InlineData("run --cwo src make", "did you mean --cow?")]
    [InlineData("run --ro", "--ro needs a value: --ro PATH")]
    [InlineData("diff --txt", "did you mean --text?")]
    [InlineData("replay --speed abc", "--speed does not take 'abc'")]
    [InlineData("policy", "needs one of check, show, explain, schema")]
    [InlineData("policy chek", "did you mean check?")]
    [InlineData("policy check --jsno", "did you mean --json?")]
    [InlineData("policy explain", "needs a question")]
    [InlineData("policy explain --net nowhere", "the port is missing")]
    [InlineData("sessions prune --older-than soon", "--older-than does not take 'soon'")]
    [InlineData("completion csh", "completion")]
    [InlineData("shell extra", "extra")]
    public void AMistakeIsOneLineAndStatus125(string line, string expected)
    {
        using SessionFixture fixture = new();
        Ran ran = Ran.Line(line.Split(' '));

        Assert.Equal(125, ran.Status);
        Assert.Equal("", ran.Output);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
        Assert.StartsWith("shellguard: ", ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Error.Count(c => c == '\n'));
    }

    [Fact]
    public void AMessageCannotActOnTheTerminal()
    {
        Ran ran = Ran.Line("\e]0;x\a\e[2J");
        Assert.Equal(125, ran.Status);
        Assert.DoesNotContain('\e', ran.Error);
        Assert.DoesNotContain('\a', ran.Error);
    }

    [Theory]
    [InlineData("run ls -p x", "run -- ls -p x")]
    [InlineData("run --ro /a ls --ro /b", "run --ro /a -- ls --ro /b")]
    [InlineData("run --ro=/a ls -la", "run --ro=/a -- ls -la")]
    [InlineData("run -p agent ls", "run -p agent -- ls")]
    [InlineData("run -- ls -p x", "run -- ls -p x")]
    [InlineData("plan --json curl -d @file", "plan --json -- curl -d @file")]
    [InlineData("run --cwo src make", "run --cwo -- src make")]
    [InlineData("run --explain-reads make", "run --explain-reads -- make")]
    [InlineData("run --record false make", "run --record false -- make")]
    [InlineData("diff src", "diff src")]
    public void WhatFollowsTheCommandIsTheCommands(string line, string expected) =>
        Assert.Equal(expected.Split(' '), CommandTail.Separate(CommandLine.Build(), line.Split(' ')));

    [Fact]
    public void FilesAfterAnAtAreNotRead()
    {
        ParseResult result = CommandLine.Parse(["run", "curl", "-d", "@/etc/hostname"]);
        Assert.Empty(result.Errors);
        Assert.Equal(["curl", "-d", "@/etc/hostname"], result.GetRequiredValue<string[]>("command"));
    }
}
