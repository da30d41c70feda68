using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

namespace ShellGuard.Cli.Tests;

public sealed class PolicyVerbTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shellguard-policy-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Write(string text)
    {
        string path = $"{_directory}/{Guid.NewGuid():n}.toml";
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void CheckReportsEveryMistakeOfEveryFile()
    {
        string one = Write("extends = \"defalt\"\n[files]\nhid = [\"a\"]\n");
        string two = Write("extends = \"default\"\n[files]\ndirect = [\"/etc/cron.d\"]\n");
        Ran ran = Ran.Line("policy", "check", one, two);
        Assert.Equal(1, ran.Status);
        Assert.Contains("did you mean 'default'?", ran.Output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'hide'?", ran.Output, StringComparison.Ordinal);
        Assert.Contains("^~~", ran.Output, StringComparison.Ordinal);
        Assert.Contains("danger", ran.Output, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("policy", "check", "default").Status);
        using JsonDocument json = JsonDocument.Parse(Ran.Line("policy", "check", one, two, "--json").Output);
        Assert.True(json.RootElement.GetArrayLength() >= 3);
    }

    [Fact]
    public void ShowNamesTheSourceOfEachRule()
    {
        string own = Write("extends = \"dead\"\n[network]\nallow = [\"a.example:443\"]\n");
        Ran ran = Ran.Line("policy", "show", "--policy", own, "--net", "b.example:80");
        Assert.Contains($"network.allow = a.example:443", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"# {own}:3", ran.Output, StringComparison.Ordinal);
        Assert.Contains("# command line", ran.Output, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(Ran.Line("policy", "show", "--policy", own, "--json").Output);
        Assert.NotEqual(0, json.RootElement.GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public void NamesOfWallsDoNothingToTheTerminal()
    {
        string own = Write("[tags]\na = \"\u202emeaning\"\n[[resource]]\nname = \"x\u202ey\"\npaths = [\"~/x\"]\nsource = [\"a\"]\n");
        foreach (Ran ran in new[] { Ran.Line("policy", "show", "--policy", own), Ran.Line("policy", "check", own), Ran.Line("can", "lobby", "get", "a", "--policy", own) })
        {
            Assert.NotEqual("", ran.Output);
            Assert.DoesNotContain('\u202e', ran.Output);
        }

        Assert.Contains("resource.\"x\\u{202e}y\".source = a", Ran.Line("policy", "show", "--policy", own).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaIsJson()
    {
        using JsonDocument json = JsonDocument.Parse(Ran.Line("policy", "schema").Output);
        Assert.Equal("ShellGuard policy", json.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public void ExplainAnswersByWhichLine()
    {
        string own = Write("[files]\nread-only = [\"/usr\"]\nhide = [\"/usr/secret\"]\n[network]\nallow = [\"a.example:443\"]\n");
        Ran ran = Ran.Line(
            "policy", "explain", "--policy", own, "--read", "/usr/secret/x", "--write", "/usr/y", "--exec", "/usr/z",
            "--net", "a.example:443", "--net", "b.example:443");
        Assert.Equal(0, ran.Status);
        string[] lines = ran.Output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("read /usr/secret/x: denied", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("write /usr/y: denied", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("execute /usr/z: allowed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("connect a.example:443: allowed", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("connect b.example:443: denied", StringComparison.Ordinal));
        Assert.Contains($"{own}:3", ran.Output, StringComparison.Ordinal);
        Assert.Contains("way on  --net b.example:443", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanSaysWhatHoldsEachRule()
    {
        Ran ran = Ran.Line("plan", "--net", "a.example:443", "--memory", "1 GiB", "true");
        Assert.True(ran.Status == 0, ran.Error);
        Assert.Contains("a.example:443", ran.Output, StringComparison.Ordinal);
        Assert.Contains("network namespace", ran.Output, StringComparison.Ordinal);
        Assert.Contains("memory 1 GiB", ran.Output, StringComparison.Ordinal);
        Assert.Contains("preset:default", ran.Output, StringComparison.Ordinal);
        Assert.Contains("execve", Ran.Line("plan", "--script", "true").Output, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(Ran.Line("plan", "--json", "--filter", "--script", "true").Output);
        Assert.True(json.RootElement.GetProperty("filter").GetArrayLength() > 300);
        Assert.True(json.RootElement.GetProperty("launch").GetArrayLength() > 20);
        Assert.True(json.RootElement.GetProperty("files").GetArrayLength() > 5);
    }

    [Fact]
    public void AlwaysWritesTheNarrowestRuleToTheUsersPolicy()
    {
        UserRules rules = new(_directory);
        Assert.True(rules.TryAllow(Asked("a.example:443/tcp"), out string told), told);
        Assert.True(rules.TryAllow(Asked("[2001:db8::1]:80/tcp"), out told), told);
        Assert.True(rules.TryAllow(Asked("a.example:443/tcp"), out told), told);
        string text = File.ReadAllText(rules.PolicyFile);
        Assert.StartsWith("extends = \"default\"\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("a.example:443").Length);
        Assert.Contains("[2001:db8::1]:80", text, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("policy", "check", rules.PolicyFile).Status);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(rules.PolicyFile));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(rules.PolicyFile)!));

        Assert.False(rules.TryAllow(Asked("*:443"), out _));
        Assert.False(rules.TryAllow(Asked("a.example:443/tcp") with { Operation = Operation.Write }, out _));
    }

    [Fact]
    public void APolicyThatIsALinkStaysOneAndAnUnreadableOneIsLeftAlone()
    {
        UserRules rules = new(_directory);
        Directory.CreateDirectory(Path.GetDirectoryName(rules.PolicyFile)!);
        string kept = Write("# mine\nextends = \"agent\"\n");
        File.CreateSymbolicLink(rules.PolicyFile, kept);
        Assert.True(rules.TryAllow(Asked("a.example:443/tcp"), out string told), told);
        Assert.NotNull(new FileInfo(rules.PolicyFile).LinkTarget);
        Assert.StartsWith("# mine\nextends = \"agent\"\n", File.ReadAllText(kept), StringComparison.Ordinal);

        File.WriteAllText(kept, "not = [toml");
        Assert.False(rules.TryAllow(Asked("b.example:443/tcp"), out told));
        Assert.Contains("mistake in line 1", told, StringComparison.Ordinal);
        Assert.Equal("not = [toml", File.ReadAllText(kept));
    }

    private static Access Asked(string target) =>
        new([], Operation.Connect, target, Verdict.Ask(RuleSource.CommandLine("--net-ask *:443"), "it is asked about"));
}
