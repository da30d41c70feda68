using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using Xunit;

namespace ShellGuard.Policy.Tests.Lint;

public sealed class LintTests
{
    [Theory]
    [InlineData("/", "the whole host")]
    [InlineData("/etc", "cron")]
    [InlineData("/etc/cron.d", "cron")]
    [InlineData("/etc/cron.d/job", "cron")]
    [InlineData("/var/spool/cron/crontabs", "cron")]
    [InlineData("/etc/systemd/system", "systemd")]
    [InlineData("~/.config/systemd/user", "systemd")]
    [InlineData("/etc/init.d", "init")]
    [InlineData("/etc/profile.d", "shell")]
    [InlineData("/etc/pam.d", "who is root")]
    [InlineData("/etc/sudoers.d", "who is root")]
    [InlineData("/etc/ld.so.preload", "loader")]
    [InlineData("~/.bashrc", "shell")]
    [InlineData("~", "shell")]
    [InlineData("/home", "homes")]
    [InlineData("/home/bob", "shell")]
    [InlineData("/root", "shell")]
    [InlineData("~/.ssh", "login")]
    [InlineData("~/.ssh/authorized_keys", "login")]
    [InlineData("~/.ssh/config", "login")]
    [InlineData("~/.config/autostart", "desktop")]
    [InlineData("~/.local/bin", "PATH")]
    [InlineData("/usr/local/bin", "root's PATH")]
    [InlineData("/opt/tool/bin", "root's PATH")]
    [InlineData("/run/docker.sock", "containers")]
    [InlineData("/run/dbus/system_bus_socket", "services")]
    [InlineData("/run/systemd", "systemd")]
    [InlineData("/run", "containers")]
    [InlineData("./.git/hooks", "git")]
    [InlineData(".git", "git")]
    [InlineData("~/.gitconfig", "git")]
    [InlineData("/proc", "processes")]
    [InlineData("/sys/kernel", "kernel")]
    [InlineData("/dev/sda", "nodes")]
    [InlineData("/var/lib/shellguard", "journal")]
    public void ADirectRightThatLeadsOutIsADanger(string path, string how)
    {
        var findings = Check($"[files]\nread-only = [\"/usr/share\"]\ndirect = [\"{path}\"]");
        Assert.Contains(findings, f => f.Severity == Severity.Danger && f.Line == 3 && f.Column == 11
            && f.Length == path.Length + 2 && f.Message.Contains(how, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("read-only", "/run/docker.sock")]
    [InlineData("copy-on-write", "/run/docker.sock")]
    [InlineData("read-only", "/run")]
    [InlineData("read-only", "/run/user/1000")]
    public void ASocketNeedsNoWriteToBeUsed(string key, string path)
    {
        var findings = Check($"[files]\n{key} = [\"{path}\"]");
        Assert.Contains(findings, f => f.Severity == Severity.Danger && f.Line == 2);
    }

    [Theory]
    [InlineData("read-only = [\"/\", \"/etc/cron.d\", \"~\"]")]
    [InlineData("copy-on-write = [\"/\", \"~\", \"/etc\"]")]
    [InlineData("direct = [\"/srv/data\"]\nread-only = [\"/srv/data/.git\"]")]
    [InlineData("hide = [\"/run/docker.sock\", \"/proc\"]")]
    public void WhatDoesNotLeadOutIsNoDanger(string files) =>
        Assert.DoesNotContain(Check("[files]\n" + files), f => f.Severity >= Severity.Warning);

    [Fact]
    public void APlaceThatAMoreSpecificRuleProtectsIsNoDanger()
    {
        var open = Check("[files]\ndirect = [\"~/.config\"]");
        Assert.Contains(open, f => f.Message.Contains(".config/autostart", StringComparison.Ordinal));
        var closed = Check("[files]\ndirect = [\"~/.config\"]\nhide = [\"~/.config/autostart\"]");
        Assert.DoesNotContain(closed, f => f.Message.Contains(".config/autostart", StringComparison.Ordinal));
        Assert.Contains(closed, f => f.Message.Contains(".config/systemd", StringComparison.Ordinal));
    }

    [Fact]
    public void ADirectProjectIsWarnedAboutForItsHooks()
    {
        Assert.Empty(Check("[files]\ndirect = [\".\"]\nread-only = [\".git\"]"));
        var finding = Assert.Single(Check("[files]\ndirect = [\".\"]"));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.Contains("hook", finding.Message, StringComparison.Ordinal);

        var files = new MemoryFiles().With("/p/policy.toml", "[files]\ndirect = [\".\"]")
            .With($"{Contexts.Alice.WorkingDirectory}/.git/HEAD", "ref: refs/heads/main\n");
        var (_, findings) = PolicyLint.LoadAndCheck(new PolicyRequest("/p/policy.toml", [], Contexts.Alice), files);
        Assert.Equal(Severity.Danger, Assert.Single(findings).Severity);
    }

    [Theory]
    [InlineData("allow = [\"169.254.169.254:80\"]", "metadata")]
    [InlineData("ask = [\"169.254.0.0/16:*\"]", "metadata")]
    [InlineData("allow = [\"localhost:*\"]", "keeps to itself")]
    [InlineData("allow = [\"127.0.0.0/8:*\"]", "keeps to itself")]
    [InlineData("allow = [\"[::1]:*\"]", "keeps to itself")]
    [InlineData("allow = [\"127.0.0.1:2375\"]", "Docker")]
    public void AnEndpointThatLeadsOutIsADanger(string rule, string how) => Assert.Contains(
        Check("[network]\n" + rule),
        f => f.Severity == Severity.Danger && f.Message.Contains(how, StringComparison.Ordinal) && f.Line == 2);

    [Theory]
    [InlineData("allow = [\"github.com:443\", \"localhost:5432\", \"10.0.0.0/8:5432\"]")]
    [InlineData("ask = [\"*:*\"]")]
    [InlineData("ask = [\"0.0.0.0/0:443\"]")]
    [InlineData("allow = [\"*.example.org:*\"]\ndeny = [\"a.example.org:*\"]\nask = [\"b.a.example.org:*\"]")]
    public void OrdinaryEndpointsAreFine(string rules) => Assert.Empty(Check("[network]\n" + rules));

    [Theory]
    [InlineData("allow = [\"*:443\"]", Severity.Warning, "whole internet")]
    [InlineData("allow = [\"a.org:443\", \"a.org:443/tcp\"]", Severity.Information, "never decides")]
    [InlineData("allow = [\"*.a.org:443\", \"b.a.org:443\"]", Severity.Information, "changes nothing")]
    [InlineData("deny = [\"a.org:443\"]", Severity.Information, "changes nothing")]
    public void EndpointsThatNeverDecideAreFound(string rules, Severity severity, string text) => Assert.Contains(
        Check("[network]\n" + rules), f => f.Severity == severity && f.Message.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void AnAllowThatADenialOfTheBaseBeatsIsFound()
    {
        var files = new MemoryFiles().With("/b.toml", "[network]\ndeny = [\"a.org:443\"]\nask = [\"*:*\"]")
            .With("/p.toml", "extends = \"/b.toml\"\n[network]\nallow = [\"a.org:443\"]");
        var finding = Assert.Single(
            PolicyLint.LoadAndCheck(new PolicyRequest("/p.toml", [], Contexts.Alice), files).Findings);
        Assert.Equal((Severity.Warning, "/p.toml", 3), (finding.Severity, finding.File, finding.Line));
        Assert.Contains("a denial wins", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read-only = [\"/\", \"/usr\"]", Severity.Information, "changes nothing")]
    [InlineData("hide = [\"/a\", \"/a/b\"]", Severity.Information, "changes nothing")]
    [InlineData("read-only = [\"/a\"]\ndirect = [\"/a/\"]", Severity.Warning, "never decides")]
    public void PathsThatNeverDecideAreFound(string files, Severity severity, string text) => Assert.Contains(
        Check("[files]\n" + files), f => f.Severity == severity && f.Message.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void ARuleBehindALaterWildcardIsFound()
    {
        var files = new MemoryFiles().With("/b.toml", "[files]\nread-only = [\"/srv/a.key\"]")
            .With("/p.toml", "extends = \"/b.toml\"\n[files]\nhide = [\"/srv/*.key\"]");
        var findings = PolicyLint.LoadAndCheck(new PolicyRequest("/p.toml", [], Contexts.Alice), files).Findings;
        var finding = Assert.Single(findings);
        Assert.Equal(("/b.toml", 2), (finding.File, finding.Line));
        Assert.Contains("never decides: the path is hidden by /p.toml:3", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AHoleThatTheBaseLeavesInAHiddenDirectoryIsFound()
    {
        var files = new MemoryFiles().With("/b.toml", "[files]\nread-only = [\"~/.ssh/known_hosts\"]")
            .With("/p.toml", "extends = \"/b.toml\"\n[files]\nhide = [\"~/.ssh\"]");
        var findings = PolicyLint.LoadAndCheck(new PolicyRequest("/p.toml", [], Contexts.Alice), files).Findings;
        Assert.Contains(findings, f => f.Severity == Severity.Warning && f.File == "/p.toml"
            && f.Message.Contains("leaves /home/alice/.ssh/known_hosts in view", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pass = [\"GITHUB_TOKEN\"]", "secret")]
    [InlineData("pass = [\"AWS_*\"]", "secret")]
    [InlineData("pass = [\"*\"]", "nearly everything")]
    [InlineData("pass = [\"SSH_AUTH_SOCK\"]", "service of the host")]
    [InlineData("set = { DB_PASSWORD = \"x\" }", "secret")]
    [InlineData("pass = [\"FOO\"]\nwithhold = [\"F*\"]", "withheld")]
    public void VariablesAreWarnedAbout(string environment, string text) => Assert.Contains(
        Check("[environment]\n" + environment),
        f => f.Severity == Severity.Warning && f.Message.Contains(text, StringComparison.Ordinal));

    [Fact]
    public void AMistakeDoesNotHideADanger()
    {
        var files = new MemoryFiles().With("/p/policy.toml", """
            extends = "default"
            [files]
            direct = ["/etc/cron.d"]
            read-only = ["/usr/share"]
            colour = "red"
            [network]
            allow = ["*:22", "db:99999"]
            """);
        var (result, findings) = PolicyLint.LoadAndCheck(
            new PolicyRequest("/p/policy.toml", [], Contexts.Alice), files);
        Assert.Null(result.Policy);
        Assert.Equal(2, findings.Count(f => f.Severity == Severity.Error));
        Assert.Contains(
            findings,
            f => f is { Severity: Severity.Danger, Line: 3 } && f.Message.Contains("cron", StringComparison.Ordinal));
        Assert.DoesNotContain(findings, f => f.Line == 4);
    }

    [Fact]
    public void AMissingSourceHasNoFindingsBesideItsErrors()
    {
        var (result, findings) = PolicyLint.LoadAndCheck(
            new PolicyRequest("nothing", [], Contexts.Alice), new MemoryFiles());
        Assert.Equal(result.Diagnostics, findings);
    }

    [Fact]
    public void TheTableNamesEachPlaceOnce()
    {
        Assert.All(EscapeRights.All, r => Assert.Matches("^(~|)/", r.Path));
        Assert.Equal(
            EscapeRights.All.Count, EscapeRights.All.Select(r => (r.Path, r.Kind)).Distinct().Count());
    }

    [Theory]
    [InlineData("/root", true)]
    [InlineData("/root/.bashrc", true)]
    [InlineData("/root/.config", true)]
    [InlineData("/home", true)]
    [InlineData("/home/anna", true)]
    [InlineData("/home/anna/.ssh/rc", true)]
    [InlineData("/home/anna/work", false)]
    [InlineData("/root/work", false)]
    [InlineData("/rootless", false)]
    [InlineData("/srv", false)]
    [InlineData("/etc", true)]
    public void HomesLeadOutByWhatSessionsRunThere(string path, bool leadsOut) => Assert.Equal(leadsOut, EscapeRights.LeadsOut(path));

    private static IReadOnlyList<Diagnostic> Check(string text) => PolicyLint.LoadAndCheck(
        new PolicyRequest("/p.toml", [], Contexts.Alice), new MemoryFiles().With("/p.toml", text)).Findings;
}
