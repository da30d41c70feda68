using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;
using Xunit;

namespace ShellGuard.Policy.Tests.Evaluation;

public sealed class PresetTests
{
    public static TheoryData<string> Names() => [.. PolicyPresets.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void LoadsWithoutAWordForUsersAndForRoot(string name)
    {
        foreach (var context in new[] { Contexts.Alice, Contexts.Root })
        {
            var (result, findings) = PolicyLint.LoadAndCheck(new PolicyRequest(name, [], context), new MemoryFiles());
            Assert.NotNull(result.Policy);
            Assert.Empty(findings);
            Assert.Equal(name, result.Policy.Name);
        }
    }

    [Theory]
    [InlineData("/home/alice/.ssh/id_ed25519")]
    [InlineData("/home/alice/.gnupg/private-keys-v1.d/x")]
    [InlineData("/home/alice/.aws/credentials")]
    [InlineData("/home/alice/.config/gcloud/credentials.db")]
    [InlineData("/home/alice/.kube/config")]
    [InlineData("/home/alice/.docker/config.json")]
    [InlineData("/home/alice/.config/containers/auth.json")]
    [InlineData("/home/alice/.git-credentials")]
    [InlineData("/home/alice/.netrc")]
    [InlineData("/home/alice/.npmrc")]
    [InlineData("/home/alice/.pypirc")]
    [InlineData("/home/alice/.cargo/credentials.toml")]
    [InlineData("/home/alice/.mozilla/firefox/x/cookies.sqlite")]
    [InlineData("/home/alice/.local/share/keyrings/login.keyring")]
    [InlineData("/home/alice/.password-store/x.gpg")]
    [InlineData("/home/alice/.bash_history")]
    [InlineData("/home/alice/.some_history")]
    [InlineData("/home/alice/.config/shellguard/policy.toml")]
    [InlineData("/home/bob")]
    [InlineData("/home/bob/public")]
    [InlineData("/root/x")]
    [InlineData("/etc/shadow")]
    [InlineData("/etc/shadow-")]
    [InlineData("/etc/gshadow")]
    [InlineData("/etc/sudoers")]
    [InlineData("/etc/sudoers.d/x")]
    [InlineData("/etc/ssh/ssh_host_ed25519_key")]
    [InlineData("/etc/ssl/private/x.key")]
    [InlineData("/etc/shellguard/p.toml")]
    [InlineData("/var/lib/shellguard/journal")]
    public void SecretsAreHiddenInAllPresets(string path)
    {
        foreach (string name in new[] { "default", "agent", "admin", "dead" })
        {
            var mode = PathDecision.Of(Contexts.Preset(name).Paths, path).Mode;
            Assert.True(mode is PathMode.Hidden or null, $"{name}: {path}: {mode}");
        }
    }

    [Theory]
    [InlineData("default", "/usr/bin/git", PathMode.ReadOnly)]
    [InlineData("default", "/etc/ssh/ssh_config", PathMode.ReadOnly)]
    [InlineData("default", "/etc/ssh/ssh_host_ed25519_key.pub", PathMode.ReadOnly)]
    [InlineData("default", "/home/alice", PathMode.CopyOnWrite)]
    [InlineData("default", "/home/alice/project/x", PathMode.CopyOnWrite)]
    [InlineData("default", "/home", PathMode.ReadOnly)]
    [InlineData("agent", "/home/alice/notes", PathMode.ReadOnly)]
    [InlineData("agent", "/home/alice/.bashrc", PathMode.ReadOnly)]
    [InlineData("agent", "/home/alice/.cache/x", PathMode.CopyOnWrite)]
    [InlineData("agent", "/home/alice/project/x", PathMode.CopyOnWrite)]
    [InlineData("admin", "/etc/hosts", PathMode.Direct)]
    [InlineData("admin", "/etc/cron.d/x", PathMode.CopyOnWrite)]
    [InlineData("admin", "/etc/passwd", PathMode.ReadOnly)]
    [InlineData("admin", "/usr/bin/git", PathMode.CopyOnWrite)]
    [InlineData("dead", "/usr/bin/git", null)]
    public void ShowsWhatItPromises(string preset, string path, PathMode? expected) =>
        Assert.Equal(expected, PathDecision.Of(Contexts.Preset(preset).Paths, path).Mode);

    [Fact]
    public void RootsOwnHomeIsShownToRoot()
    {
        var policy = Contexts.Preset("default", Contexts.Root);
        Assert.Equal(PathMode.CopyOnWrite, PathDecision.Of(policy.Paths, "/root/x").Mode);
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Paths, "/root/.ssh").Mode);
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Paths, "/home/alice").Mode);
    }

    [Theory]
    [InlineData("/home/alice/.ssh", PathMode.Hidden)]
    [InlineData("/home/alice/.ssh/keys", PathMode.Hidden)]
    [InlineData("/home/bob/shared", PathMode.Hidden)]
    [InlineData("/", PathMode.ReadOnly)]
    public void StandingInASecretDoesNotHandItOver(string directory, PathMode expected)
    {
        var context = Contexts.Alice with { WorkingDirectory = directory };
        foreach (string name in new[] { "default", "agent" })
        {
            var result = PolicyLoader.Load(new PolicyRequest(name, [], context), new MemoryFiles());
            Assert.Equal(expected, PathDecision.Of(result.Policy!.Paths, directory).Mode);
            Assert.All(result.Diagnostics, d => Assert.Equal(Severity.Warning, d.Severity));
            Assert.Contains(result.Diagnostics, d => d.Suggestion == $"name it to have it: --cow {directory}");
        }

        var named = Contexts.Preset("default", context, new PolicyFlag("--cow", directory));
        Assert.Equal(PathMode.CopyOnWrite, PathDecision.Of(named.Paths, directory).Mode);
    }

    [Fact]
    public void ADaemonWithoutAHomeDoesNotGetTheHost()
    {
        var policy = Contexts.Preset("default", new PolicyContext("/", "/srv", "daemon", 1));
        Assert.Equal(PathMode.ReadOnly, PathDecision.Of(policy.Paths, "/usr").Mode);
        Assert.Equal(PathMode.CopyOnWrite, PathDecision.Of(policy.Paths, "/srv/x").Mode);
    }

    [Theory]
    [InlineData("default", Decision.Deny)]
    [InlineData("agent", Decision.Ask)]
    [InlineData("admin", Decision.Ask)]
    [InlineData("dead", Decision.Deny)]
    public void TheNetworkIsAskedAboutOrAbsent(string preset, Decision expected)
    {
        var network = Contexts.Preset(preset).Network;
        Assert.Equal(expected, network.ForName("github.com", 443).Decision);
        Assert.Equal(Decision.Deny, network.ForAddress(System.Net.IPAddress.Parse("169.254.169.254"), 80).Decision);
    }

    [Theory]
    [InlineData("PATH", true)]
    [InlineData("LC_ALL", true)]
    [InlineData("LD_PRELOAD", false)]
    [InlineData("LD_LIBRARY_PATH", false)]
    [InlineData("SSH_AUTH_SOCK", false)]
    [InlineData("DBUS_SESSION_BUS_ADDRESS", false)]
    [InlineData("XDG_RUNTIME_DIR", false)]
    [InlineData("AWS_SECRET_ACCESS_KEY", false)]
    [InlineData("BASH_ENV", false)]
    [InlineData("GIT_SSH_COMMAND", false)]
    public void TheEnvironmentIsAnAllowList(string name, bool expected)
    {
        Assert.Equal(expected, Contexts.Preset("default").Environment.Passes(name));
        Assert.False(Contexts.Preset("dead").Environment.Passes(name));
    }
}
