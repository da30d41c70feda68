using System.Text;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Evaluation;

public sealed class LoaderTests
{
    [Fact]
    public void ReportsEveryMistakeAtOnceWithItsPlaceAndTheWayOn()
    {
        const string Text = """
            extend = "default"
            [file]
            hide = ["x"]
            [files]
            hiden = ["~/.ssh"]
            read-only = "/usr"
            direct = ["/a*", 3, "$HOME/x"]
            allow = ["github.com:443"]
            [network]
            allow = ["https://github.com/x", "github.com", "10.0.0.1/8:1"]
            [limits]
            memory = "lots"
            processes = 0
            cpu = 50
            wall-time = "8 hours"
            [session]
            record = "yes"
            ask-timeout = "2h"
            [environment]
            pass = ["1X", "A-B"]
            set = { A = 1 }
            """;
        var result = Load(Text);
        Assert.Null(result.Policy);
        Assert.Equal(
            [
                "1:1 did you mean 'extends'?",
                "2:2 did you mean 'files'?",
                "5:1 did you mean 'hide'?",
                "6:13 write read-only = [\"/usr\"]",
                "7:11 a literal character is written in brackets, as in a[*]b",
                "7:18 for example direct = [\"/srv/build\"]",
                "7:21 ",
                "8:1 it belongs into [network]",
                "10:10 write github.com:443",
                "10:34 for example github.com:443",
                "10:48 ",
                "12:10 for example memory = \"2 GiB\"",
                "13:13 for example processes = 500",
                "14:7 for example cpu = \"150%\"",
                "15:13 for example wall-time = \"8h\"",
                "17:10 for example record = true",
                "18:15 ",
                "20:9 ",
                "20:15 ",
                "21:13 put the value in quotes",
            ],
            result.Diagnostics.Select(d => $"{d.Line}:{d.Column} {d.Suggestion}"));
        Assert.All(result.Diagnostics, d => Assert.Equal("/etc/p.toml", d.File));
        Assert.All(result.Diagnostics, d => Assert.DoesNotMatch("^[A-Z]|\\.$", d.Message));
    }

    [Fact]
    public void MistakesOfSyntaxAndOfMeaningComeTogether()
    {
        var result = Load("[files]\nhide = [\"a]\nhiden = 1\n[netwrk]\n");
        Assert.Equal([2, 3, 4], result.Diagnostics.Select(d => d.Line).Distinct());
        Assert.Null(result.Policy);
    }

    [Fact]
    public void TheRendererPointsAtTheMistake()
    {
        var result = Load("[files]\nhide = [\"~/.ssh\", \"~bob\"] # \u001b[31m\n");
        Assert.Equal(
            """
            /etc/p.toml:2:19: error: ~ stands for the session's own home only; write another one as an absolute path
                hide = ["~/.ssh", "~bob"] # ?[31m
                                  ^~~~~~

            """.Replace('?', '\uFFFD'),
            DiagnosticRenderer.Render(result.Diagnostics.Where(d => d.Column == 19), result.Sources));
    }

    [Fact]
    public void ALongLineIsShownAroundTheMistake()
    {
        string line = "# " + new string('x', 500) + "\u001b" + new string('y', 500);
        var result = Load("a = 1\n" + line);
        string rendered = DiagnosticRenderer.Render(result.Diagnostics, result.Sources);
        Assert.All(rendered.Split('\n'), l => Assert.InRange(l.Length, 0, 200));
        string[] shown = rendered.Split('\n');
        int caret = Array.FindIndex(shown, l => l.TrimStart() == "^" && l.Length > 50);
        Assert.Equal('\uFFFD', shown[caret - 1][shown[caret].IndexOf('^', StringComparison.Ordinal)]);
    }

    [Fact]
    public void ExtendsIsFollowedRelativeToTheFile()
    {
        var files = new MemoryFiles()
            .With("/home/alice/project/p.toml", "extends = \"../shared/base.toml\"\n[limits]\nmemory = \"1 GiB\"")
            .With("/home/alice/shared/base.toml", "extends = \"./more.toml\"\n[limits]\nprocesses = 5\nmemory = 1")
            .With("/home/alice/shared/more.toml", "extends = \"default\"\n[limits]\ncpu = \"50%\"");
        var result = PolicyLoader.Load(new PolicyRequest("p.toml", [], Contexts.Alice), files);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            ["preset:default", "/home/alice/shared/more.toml", "/home/alice/shared/base.toml", "/home/alice/project/p.toml"],
            result.Policy!.Chain);
        Assert.Equal("/home/alice/project/p.toml", result.Policy.Name);
        Assert.Equal((1L << 30, 5, 50), (result.Policy.Limits.MemoryBytes, result.Policy.Limits.Processes, result.Policy.Limits.CpuPercent));
        Assert.Equal("/home/alice/project/p.toml:3: memory = \"1 GiB\"", result.Policy.Limits.Sources["memory"].ToString());
    }

    [Theory]
    [InlineData("extends = \"/etc/p.toml\"", "extends goes round in a circle")]
    [InlineData("extends = \"p.toml\"", "extends goes round in a circle")]
    [InlineData("extends = \"/etc/other.toml\"", "cannot read the policy /etc/other.toml: no such file")]
    [InlineData("extends = \"defualt\"", "there is no preset 'defualt'")]
    [InlineData("extends = \"a/../b.toml\"", ".. stands at the beginning")]
    [InlineData("extends = \"\"", "there is no preset ''")]
    [InlineData("extends = [\"default\"]", "extends is the name of a preset or file, not an array")]
    public void ABaseThatCannotBeHadIsAnError(string text, string message)
    {
        var result = Load(text);
        Assert.Null(result.Policy);
        var error = Assert.Single(result.Diagnostics);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 11), (error.Line, error.Column));
    }

    [Fact]
    public void AMistakeInTheBaseIsReportedInTheBase()
    {
        var files = new MemoryFiles().With("/etc/p.toml", "extends = \"/b.toml\"\nx = 1").With("/b.toml", "y = 2");
        var result = PolicyLoader.Load(new PolicyRequest("/etc/p.toml", [], Contexts.Alice), files);
        Assert.Equal(["/etc/p.toml:2", "/b.toml:1"], result.Diagnostics.Select(d => $"{d.File}:{d.Line}"));
    }

    [Theory]
    [InlineData("nothing", "there is no preset 'nothing'")]
    [InlineData("./nothing.toml", "cannot read the policy /home/alice/project/nothing.toml: no such file")]
    public void AnUnknownPolicyIsAnErrorOfTheCommandLine(string name, string message)
    {
        var result = PolicyLoader.Load(new PolicyRequest(name, [], Contexts.Alice), new MemoryFiles());
        var error = Assert.Single(result.Diagnostics);
        Assert.Equal((message, "command line", 0), (error.Message, error.File, error.Line));
        Assert.Null(result.Policy);
    }

    [Theory]
    [InlineData("[files]\nread-only=[\"/a\"]\ndirect=[\"/a\"]", "contradicts read-only = \"/a\" in line 2")]
    [InlineData("[files]\nhide=[\"~/a\"]\ndirect=[\"~/a\"]", "contradicts hide = \"~/a\" in line 2")]
    [InlineData("[network]\nallow=[\"a.org:1\"]\ndeny=[\"A.org:1/tcp\"]", "contradicts allow = \"a.org:1\" in line 2")]
    public void OneSourceThatSaysTwoThingsIsRefused(string text, string message)
    {
        var error = Assert.Single(Load(text).Diagnostics);
        Assert.Equal((Severity.Error, message, 3), (error.Severity, error.Message, error.Line));
    }

    [Fact]
    public void FlagsAreTheLastSource()
    {
        var policy = Contexts.Preset(
            "default", null, new("--memory", "1GiB"), new("--hide", "."), new("--env", "FOO"), new("--env", "BAR=x=y"),
            new("--wall-time", "90m"), new("--record-input", ""), new("--net-deny", "a.org:1"));
        Assert.Equal(1L << 30, policy.Limits.MemoryBytes);
        Assert.Equal(TimeSpan.FromMinutes(90), policy.Limits.WallTime);
        Assert.Equal("command line: --memory 1GiB", policy.Limits.Sources["memory"].ToString());
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Paths, "/home/alice/project").Mode);
        Assert.True(policy.Environment.Passes("FOO"));
        Assert.Equal("x=y", policy.Environment.Set["BAR"]);
        Assert.True(policy.Session.RecordInput);
    }

    [Theory]
    [InlineData("--cwo", "x", "--cwo x: unknown flag", "did you mean --cow?")]
    [InlineData("--cow", "*", "--cow '*': wildcards are for hide only, not for copy-on-write", "a literal character is written in brackets, as in a[*]b")]
    [InlineData("--net", "github.com", "--net github.com: the port is missing; write HOST:PORT, or HOST:* for any port", "for example github.com:443")]
    public void AWrongFlagIsAnError(string flag, string value, string message, string suggestion)
    {
        var result = PolicyLoader.Load(
            new PolicyRequest("default", [new(flag, value)], Contexts.Alice), new MemoryFiles());
        var error = Assert.Single(result.Diagnostics);
        Assert.Equal((message, suggestion, "command line"), (error.Message, error.Suggestion, error.File));
        Assert.Null(result.Policy);
    }

    [Fact]
    public void LaterSourcesPassWithholdAndSetVariables()
    {
        var environment = Contexts.Load("""
            extends = "default"
            [environment]
            pass = ["FOO_*", "BAR"]
            withhold = ["LC_*", "FOO_SECRET"]
            set = { CI = "1", BAR = "fixed" }
            """).Policy!.Environment;
        var caller = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/bin",
            ["LC_ALL"] = "C",
            ["FOO_A"] = "a",
            ["FOO_SECRET"] = "s",
            ["BAR"] = "b",
            ["OTHER"] = "o",
        };
        Assert.Equal(
            ["BAR=fixed", "CI=1", "FOO_A=a", "PATH=/bin"], environment.Apply(caller).Select(v => $"{v.Key}={v.Value}"));
    }

    [Fact]
    public void NoneLiftsALimitOfTheBase()
    {
        var files = new MemoryFiles().With("/b.toml", "[limits]\nmemory = 1000\ncpu = \"10%\"")
            .With("/p.toml", "extends = \"/b.toml\"\n[limits]\nmemory = \"none\"");
        var limits = PolicyLoader.Load(new PolicyRequest("/p.toml", [], Contexts.Alice), files).Policy!.Limits;
        Assert.Null(limits.MemoryBytes);
        Assert.Equal(10, limits.CpuPercent);
        Assert.Equal(["cpu"], limits.Sources.Keys);
    }

    [Theory]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("500 MB", 500_000_000L)]
    [InlineData("10k", 10_240L)]
    [InlineData("4096", 4096L)]
    [InlineData("1048576 TiB", 1L << 60)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("1e3", null)]
    [InlineData("0.1 B", null)]
    [InlineData("99999999999999999999999999999999999999", null)]
    [InlineData("1048577 TiB", null)]
    [InlineData("GiB", null)]
    public void ReadsSizes(string text, long? expected) => Assert.Equal(expected, ValueText.Size(text));

    [Theory]
    [InlineData("8h", 28_800)]
    [InlineData("1h30m", 5_400)]
    [InlineData("1d 2h", 93_600)]
    [InlineData("90s", 90)]
    [InlineData("0s", null)]
    [InlineData("30m1h", null)]
    [InlineData("1h1h", null)]
    [InlineData("5", null)]
    [InlineData("", null)]
    [InlineData("-5s", null)]
    [InlineData("9999999999s", null)]
    [InlineData("999999999d", null)]
    public void ReadsTimes(string text, int? expected) =>
        Assert.Equal(expected, (int?)ValueText.Duration(text)?.TotalSeconds);

    [Fact]
    public void WhatIsShownReadsTheSame()
    {
        var policy = Contexts.Load("""
            extends = "agent"
            [files]
            hide = ["**/.env", "/odd[*]name"]
            [network]
            allow = ["github.com:443", "10.0.0.0/8:*"]
            deny = ["[fd00::]/8:*"]
            [environment]
            withhold = ["TZ"]
            set = { CI = "1" }
            [limits]
            memory = "1.5 GiB"
            wall-time = "1h30m"
            layer = 1000
            """).Policy!;
        var lines = PolicyText.Show(policy);
        var text = new StringBuilder();
        foreach (var table in lines.Where(l => l.Key != "environment.set").GroupBy(l => l.Key.Split('.')[0]))
        {
            text.Append($"[{table.Key}]\n");
            foreach (var key in table.GroupBy(l => l.Key.Split('.')[1]))
            {
                string[] values = [.. key.Select(l => $"'{l.Value}'")];
                bool list = PolicyKeys.Find(table.Key, key.Key)!.Kind is PolicyValueKind.Paths
                    or PolicyValueKind.PathsOrGlobs or PolicyValueKind.Endpoints or PolicyValueKind.VariableNames;
                string value = values[0] is "'true'" or "'false'" ? values[0].Trim('\'') : values[0];
                text.Append($"{key.Key} = {(list ? $"[{string.Join(',', values)}]" : value)}\n");
            }
        }

        var again = PolicyText.Show(Contexts.Load(text.ToString()).Policy!);
        Assert.Equal(
            lines.Where(l => l.Key != "environment.set").Select(l => (l.Key, l.Value)), again.Select(l => (l.Key, l.Value)));
        Assert.Contains(lines, l => l is { Key: "files.hide", Value: "/odd[*]name" });
        Assert.Contains(lines, l => l is { Key: "environment.set", Value: "CI=1", Source.Line: 9 });
        Assert.Contains(lines, l => l is { Key: "session.record", Source.File: "preset:default" });
    }

    private static PolicyResult Load(string text) => PolicyLoader.Load(
        new PolicyRequest("/etc/p.toml", [], Contexts.Alice), new MemoryFiles().With("/etc/p.toml", text));
}
