using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Evaluation;

public sealed class PathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("//usr///lib/", "/usr/lib")]
    [InlineData("/usr/./lib/.", "/usr/lib")]
    [InlineData("~", "/home/alice")]
    [InlineData("~/", "/home/alice")]
    [InlineData("~/src", "/home/alice/src")]
    [InlineData(".", "/home/alice/project")]
    [InlineData("./a", "/home/alice/project/a")]
    [InlineData("a/b", "/home/alice/project/a/b")]
    [InlineData("..", "/home/alice")]
    [InlineData("../../bob", "/home/bob")]
    [InlineData("../../../../..", "/")]
    [InlineData("a~", "/home/alice/project/a~")]
    [InlineData("/a[*]b", "/a*b")]
    [InlineData("...", "/home/alice/project/...")]
    [InlineData("/wäre/ok", "/wäre/ok")]
    public void Resolves(string text, string expected)
    {
        Assert.True(PathText.TryResolve(text, Contexts.Alice, out string? path, out bool isGlob, out string? problem), problem);
        Assert.Equal(expected, path);
        Assert.False(isGlob);
    }

    [Theory]
    [InlineData("")]
    [InlineData("~bob/x")]
    [InlineData("$HOME/.ssh")]
    [InlineData("${HOME}/.ssh")]
    [InlineData("/a/../b")]
    [InlineData("~/../bob")]
    [InlineData("a/../b")]
    [InlineData("/a\nb")]
    [InlineData("/a\0b")]
    [InlineData("/a\u001b[31m")]
    [InlineData("/a/[b")]
    [InlineData("/a**")]
    public void Refuses(string text)
    {
        Assert.False(PathText.TryResolve(text, Contexts.Alice, out _, out _, out string? problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void AHomeWithWildcardsInItsNameIsTakenLiterally()
    {
        var context = Contexts.Alice with { Home = "/home/*", WorkingDirectory = "/srv/[x]" };
        Assert.True(PathText.TryResolve("~/*.key", context, out string? path, out _, out _));
        Assert.Equal("/home/[*]/*.key", path);
        Assert.True(PathText.TryResolve("**/.env", context, out path, out _, out _));
        Assert.Equal("/srv/[[]x]/**/.env", path);
        Assert.True(Glob.TryParse(path, out var glob, out _));
        Assert.True(glob.IsMatch("/srv/[x]/a/.env"));
        Assert.False(glob.IsMatch("/srv/x/a/.env"));
    }

    [Theory]
    [InlineData("/a/b", PathMode.ReadOnly)]
    [InlineData("/a/b/c", PathMode.Direct)]
    [InlineData("/a/b/c/d", PathMode.Direct)]
    [InlineData("/a/b/cc", PathMode.ReadOnly)]
    [InlineData("/a/b/c/hidden/x", PathMode.Hidden)]
    [InlineData("/z", null)]
    public void TheLongestPathWins(string path, PathMode? expected)
    {
        var rules = Contexts.Load(
            "[files]\nhide=[\"/a/b/c/hidden\"]\ndirect=[\"/a/b/c\"]\nread-only=[\"/a\"]\n").Policy!.Paths;
        Assert.Equal(expected, PathDecision.Of(rules, path).Mode);
    }

    [Fact]
    public void OfTheSamePathTheLaterSourceWins()
    {
        var policy = Contexts.Load(
            "extends = \"default\"\n[files]\nread-only = [\"~/.aws\"]", null, new PolicyFlag("--cow", "~/.aws/")).Policy!;
        var decision = PathDecision.Of(policy.Paths, "/home/alice/.aws/config");
        Assert.Equal(PathMode.CopyOnWrite, decision.Mode);
        Assert.Equal("command line: --cow '~/.aws/'", decision.Rule!.Source.ToString());
        Assert.Single(policy.Paths, p => p.Path == "/home/alice/.aws");
    }

    [Theory]
    // The glob hides below a broader rule, whichever comes first.
    [InlineData("read-only=[\".\"]\nhide=[\"**/.env\"]", "", "a/.env", PathMode.Hidden)]
    [InlineData("hide=[\"**/.env\"]\nread-only=[\".\"]", "", "a/.env/deeper", PathMode.Hidden)]
    // An exact name in the same or a later source uncovers.
    [InlineData("read-only=[\"a/.env\"]\nhide=[\"**/.env\"]", "", "a/.env", PathMode.ReadOnly)]
    [InlineData("hide=[\"**/.env\"]", "--ro a/.env", "a/.env", PathMode.ReadOnly)]
    [InlineData("hide=[\"**/.env\"]", "--ro a/.env/x", "a/.env/x/y", PathMode.ReadOnly)]
    [InlineData("hide=[\"**/.env\"]", "--ro a/.env/x", "a/.env/z", PathMode.Hidden)]
    [InlineData("hide=[\"**/.env\"]", "--cow .", "a/.env", PathMode.Hidden)]
    // A later glob hides what an earlier source named.
    [InlineData("read-only=[\"a/.env\"]", "--hide **/.env", "a/.env", PathMode.Hidden)]
    // A second match inside an uncovered one still hides.
    [InlineData("hide=[\"**/.env\"]", "--ro a/.env", "a/.env/b/.env", PathMode.Hidden)]
    public void GlobsHide(string files, string flag, string path, PathMode expected)
    {
        PolicyFlag[] flags = flag.Split(' ') is [var name, var value] ? [new PolicyFlag(name, value)] : [];
        var policy = Contexts.Load("[files]\n" + files, null, flags).Policy!;
        Assert.Equal(expected, PathDecision.Of(policy.Paths, "/home/alice/project/" + path).Mode);
    }

    [Fact]
    public void ExplainsWithTheRuleAndTheWayOn()
    {
        var policy = Contexts.Preset("default");
        var verdict = policy.Explain("/etc/hosts", Operation.Write);
        Assert.Equal(Decision.Deny, verdict.Decision);
        Assert.Equal("preset:default", verdict.Rule.File);
        Assert.Equal("read-only = \"/\"", verdict.Rule.Text);
        Assert.Equal("--cow /etc/hosts", verdict.WayOn);

        verdict = policy.Explain("/home/alice/.ssh/id it's", Operation.Read);
        Assert.Equal("hide = \"~/.ssh\"", verdict.Rule.Text);
        Assert.Equal("--ro '/home/alice/.ssh/id it'\\''s'", verdict.WayOn);
        Assert.Equal(Decision.Allow, policy.Explain("/home/alice/x", Operation.Write).Decision);
        Assert.Equal(Decision.Allow, policy.Explain("/usr/bin/git", Operation.Execute).Decision);
        Assert.Equal(Decision.Deny, policy.Explain("/usr/bin/git", Operation.Connect).Decision);
        Assert.Equal(Decision.Deny, Contexts.Preset("dead").Explain("/usr/bin/git", Operation.Execute).Decision);
    }

    [Theory]
    [InlineData("/run/docker.sock", Decision.Deny)]
    [InlineData("/dev/sda", Decision.Deny)]
    [InlineData("/proc/1/root", Decision.Deny)]
    [InlineData("/tmp/x", Decision.Allow)]
    public void WhatTheCellHasOfItsOwnIsNotTheHosts(string path, Decision expected)
    {
        Assert.Equal(expected, Contexts.Preset("default").Explain(path, Operation.Write).Decision);
        var handed = Contexts.Preset("default", null, new PolicyFlag("--ro", path));
        Assert.Equal(Decision.Allow, handed.Explain(path, Operation.Read).Decision);
    }

    [Fact]
    public void TheWayOnOfADenialLeadsOn()
    {
        foreach (string path in new[] { "/etc/shadow", "/home/bob/x", "/etc/ssh/ssh_host_rsa_key", "/usr/bin", "/run/x" })
        {
            var policy = Contexts.Preset("default");
            foreach (var operation in new[] { Operation.Read, Operation.Write })
            {
                var verdict = policy.Explain(path, operation);
                if (verdict.Decision == Decision.Deny)
                {
                    string[] words = verdict.WayOn!.Split(' ');
                    var wider = Contexts.Preset("default", null, new PolicyFlag(words[0], words[1]));
                    Assert.Equal(Decision.Allow, wider.Explain(path, operation).Decision);
                }
            }
        }
    }

    [Theory]
    [InlineData("github.com:443", Decision.Deny)]
    [InlineData("10.0.0.1:443", Decision.Deny)]
    public void ExplainsEndpoints(string endpoint, Decision expected)
    {
        Assert.True(Contexts.Preset("default").TryExplainEndpoint(endpoint, out var verdict, out _));
        Assert.Equal(expected, verdict.Decision);
    }

    [Theory]
    [InlineData("github.com")]
    [InlineData("*.github.com:443")]
    [InlineData("github.com:*")]
    [InlineData("10.0.0.0/8:1")]
    public void AsksAboutOneEndpointOnly(string endpoint) =>
        Assert.False(Contexts.Preset("default").TryExplainEndpoint(endpoint, out _, out _));
}
