using System.Text.Json;

namespace ShellGuard.Cli.Tests;

public sealed class CanVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shellguard-can-").FullName;
    private readonly string _policy;

    public CanVerbTests()
    {
        _policy = $"{_directory}/walls.toml";
        File.WriteAllText(_policy, """
            [tags]
            secret = "what only we know"
            out = "anybody"
            [[resource]]
            name = "vault"
            net = ["vault.corp:443"]
            source = ["secret"]
            [[resource]]
            name = "internet"
            net = ["*:443"]
            sink = ["out"]
            [[conflict]]
            name = "secrets"
            at_most = 1
            of = ["secret", "out"]
            [cell.vault]
            label = ["secret"]
            net = ["vault.corp:443"]
            [cell.web]
            net = ["github.com:443"]
            """);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void NoHasConflictPathAndStatusOne()
    {
        Ran no = Ran.Line("can", "vault", "reach", "out", "--policy", _policy);
        Assert.Equal((1, ""), (no.Status, no.Error));
        Assert.Equal(
            $"""
            no: nothing that vault has can get to out (anybody)
              conflict "secrets": secret and out, at most 1 ({_policy}:12)
              secret  vault -> web
              out     web -> internet
              ways on: in [cell.web], without what vault has

            """,
            no.Output);
        Assert.Equal(1, Ran.Line("can", "lobby", "get", "secret", "--policy", _policy).Status);
    }

    [Fact]
    public void YesHasThePathAndStatusZero()
    {
        Ran yes = Ran.Line("can", "web", "reach", "out", "--policy", _policy);
        Assert.Equal((0, "yes: what web has can get to out (anybody)\n  web -> internet\n"), (yes.Status, yes.Output));
        using JsonDocument json = JsonDocument.Parse(Ran.Line("can", "web", "reach", "out", "--policy", _policy, "--json").Output);
        Assert.True(json.RootElement.GetProperty("answer").GetBoolean());
    }

    [Theory]
    [InlineData("the policy has no cell vualt; did you mean vault?", "vualt", "reach", "out")]
    [InlineData("the policy has no tag secrt; did you mean secret?", "vault", "get", "secrt")]
    [InlineData("'touch' is no question; write shellguard can vault reach out, or get instead of reach", "vault", "touch", "out")]
    [InlineData("shellguard can needs CELL reach|get TAG; see shellguard can --help", "vault", "reach")]
    public void WhatCannotBeAskedIsSaidInALine(string message, params string[] words)
    {
        Ran ran = Ran.Line(["can", .. words, "--policy", _policy]);
        Assert.Equal((125, $"shellguard: {message}\n"), (ran.Status, ran.Error));
    }

    [Fact]
    public void APolicyWithoutWallsHasNoAnswer() => Assert.Contains(
        "the policy default says nothing of walls", Ran.Line("can", "a", "reach", "b", "--policy", "default").Error, StringComparison.Ordinal);
}
