using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>A person follows the set-up on this host: a fresh user, the real user database and a real sshd. All of it is
/// taken back.</summary>
[Collection(HostEtcCollection.Name)]
public sealed class InstallTests : IDisposable
{
    private readonly string _user = $"sgleash{Environment.ProcessId % 100_000}";
    private readonly LeashArea _leash = new(
        Identity.Ordinary, LeashArea.Entry("who", "/usr/bin/id -un") + LeashArea.Entry("cat", "/bin/cat"));

    public InstallTests()
    {
        Programs.Run("/usr/sbin/useradd", "--create-home", "--shell", "/bin/bash", "--password", "*", _user).Succeed();
        Directory.CreateDirectory("/run/sshd");
        Directory.CreateDirectory($"{_leash.Root}/bin", (UnixFileMode)0b111_101_101);
    }

    private string Program => $"{_leash.Root}/bin/leash";

    public void Dispose()
    {
        Install("--undo");
        string uid = Programs.Run("/usr/bin/id", "-u", _user).Output.Trim();
        Programs.Run("/usr/sbin/userdel", "--remove", _user);
        if (uid.Length > 0 && Directory.Exists($"/var/tmp/shellguard-{uid}"))
        {
            Directory.Delete($"/var/tmp/shellguard-{uid}", recursive: true);
        }

        _leash.Dispose();
    }

    [Fact]
    public void As_a_login_shell_it_holds_ssh_su_and_copies_and_goes_back()
    {
        string shells = File.ReadAllText("/etc/shells");
        string users = File.ReadAllText("/etc/passwd");
        string plan = Install("--config", _leash.Configuration).Succeed().Output;
        Assert.Contains($"give {_user} the login shell {Program} instead of /bin/bash", plan, StringComparison.Ordinal);
        Assert.EndsWith("nothing was changed; --apply does it\n", plan, StringComparison.Ordinal);
        Assert.Equal((shells, users), (File.ReadAllText("/etc/shells"), File.ReadAllText("/etc/passwd")));

        Install("--config", _leash.Configuration, "--apply").Succeed();
        Assert.EndsWith("everything was done already\n", Install("--config", _leash.Configuration, "--apply").Succeed().Output, StringComparison.Ordinal);
        using (SshServer server = new(_leash, "Include /etc/ssh/sshd_config.d/*.conf"))
        {
            Held(server);
        }

        // Without sshd's own settings the login shell holds alone.
        using (SshServer server = new(_leash, ""))
        {
            Held(server);
        }

        Outcome who = Programs.Run("/bin/su", "-", _user, "-c", "who");
        Assert.Equal((_user + "\n", 0), (who.Output, who.Status));
        Outcome denied = Programs.Run("/bin/su", "-", _user, "-c", "/bin/sh");
        Assert.Equal(("", 126), (denied.Output, denied.Status));
        Assert.Equal(
            $"{_user}\n", Programs.Run(Programs.Start(["/bin/su", "-", _user]), "who\n/bin/sh\n"u8.ToArray()).Output);

        Assert.EndsWith("taken back\n", Install("--undo").Succeed().Output, StringComparison.Ordinal);
        Assert.Equal((shells, users), (File.ReadAllText("/etc/shells"), File.ReadAllText("/etc/passwd")));
        Assert.False(File.Exists(Program));
        Assert.False(File.Exists($"/etc/shellguard/leash.d/{_user}.toml"));
        Assert.False(File.Exists($"/etc/ssh/sshd_config.d/00-shellguard-leash-{_user}.conf"));
        Assert.Equal("back\n", Programs.Run("/bin/su", "-", _user, "-c", "echo back").Output);
    }

    [Fact]
    public void By_ForceCommand_alone_and_by_one_key()
    {
        Install("--config", _leash.Configuration, "--method", "ssh", "--apply").Succeed();
        using (SshServer server = new(_leash, "Include /etc/ssh/sshd_config.d/*.conf"))
        {
            Held(server);
        }

        Assert.Equal("free\n", Programs.Run("/bin/su", "-", _user, "-c", "echo free").Output);
        Install("--undo").Succeed();
        string plan = Install("--config", _leash.Configuration, "--method", "key", "--apply").Succeed().Output;
        string options = $"restrict,pty,command=\"{Program}\"";
        Assert.Contains(options, plan, StringComparison.Ordinal);
        using (SshServer server = new(_leash, ""))
        {
            string key = File.ReadAllText(server.AuthorizedKeys);
            Assert.Equal("any\n", server.Run(null, Target, "echo any").Output);
            File.WriteAllText(server.AuthorizedKeys, $"{options} {key}");
            Held(server);
        }
    }

    private string Target => $"{_user}@127.0.0.1";

    private Outcome Install(params string[] words) => Programs.Run(
        $"{_leash.Root}/shellguard", ["leash", "install", _user, "--program", Program, .. words]);

    private void Held(SshServer server)
    {
        Outcome who = server.Run(null, Target, "who");
        Assert.Equal((_user + "\n", "", 0), (who.Output, who.Errors, who.Status));
        Outcome denied = server.Run(null, Target, "id; /bin/sh");
        Assert.Equal(("", "permission denied\n", 126), (denied.Output, denied.Errors, denied.Status));
        string canary = $"/home/{_user}/copied";
        Assert.NotEqual(0, server.RunProgram("/usr/bin/scp", "/etc/hostname", $"{Target}:{canary}").Status);
        Assert.NotEqual(0, server.RunProgram("/usr/bin/scp", "-O", "/etc/hostname", $"{Target}:{canary}").Status);
        Assert.NotEqual(0, server.RunProgram("/usr/bin/sftp", Target).Status);
        Assert.False(File.Exists(canary));
        using TestArea seat = new(Identity.Root);
        using TerminalDriver terminal = new(seat, server.Client("-tt", Target));
        terminal.WaitFor("|x|>");
        terminal.Line("who");
        terminal.WaitForLine(_user);
        terminal.Line("/bin/bash");
        terminal.WaitForLine("permission denied");
        terminal.Press("C-d");
        Assert.Equal(126, terminal.WaitForEnd());
    }
}
