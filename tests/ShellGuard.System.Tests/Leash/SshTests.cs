using System.Diagnostics;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>The leash behind a real sshd, as ForceCommand and as what a key may do.</summary>
[Collection(HostEtcCollection.Name)]
public sealed class SshTests
{
    private static readonly string Entries =
        LeashArea.Entry("who", "/usr/bin/id -un") + LeashArea.Entry("env", "/usr/bin/env") + LeashArea.Entry("cat", "/bin/cat")
        + LeashArea.Entry("wait", "/bin/sleep 987654");

    [Fact]
    public void A_forced_command_runs_names_and_nothing_else()
    {
        using LeashArea leash = Leash();
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        Outcome who = server.Run(null, server.Target, "who");
        Assert.Equal((leash.Account.Name + "\n", 0), (who.Output, who.Status));
        Outcome denied = server.Run(null, server.Target, "id; /bin/sh");
        Assert.Equal(("", "permission denied\n", 126), (denied.Output, denied.Errors, denied.Status));
        Assert.Equal("bytes of the client\n", server.Run("bytes of the client\n"u8.ToArray(), server.Target, "cat").Output);

        // Without a command, lines come from standard input.
        Outcome lines = server.Run("who\n/bin/sh\nwho\n"u8.ToArray(), server.Target);
        Assert.Equal($"{leash.Account.Name}\n{leash.Account.Name}\n", lines.Output);
    }

    [Fact]
    public void What_a_client_sends_as_environment_reaches_nothing()
    {
        using LeashArea leash = Leash();
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        string evil = leash.Area.Write("evil.toml", LeashArea.Entry("pwn", "/bin/sh"));
        leash.Area.Own();
        (string Name, string Value)[] tricks =
        [
            ("LEASH_CONF", evil), ("HOME", leash.Area.Work), ("LD_PRELOAD", "/tmp/x.so"), ("LD_LIBRARY_PATH", leash.Area.Work),
            ("BASH_ENV", evil), ("ENV", evil), ("SHELLGUARD_STATE", leash.Area.State), ("TERM", "../../evil"),
            ("DOTNET_STARTUP_HOOKS", evil), ("GCONV_PATH", leash.Area.Work), ("LOCPATH", leash.Area.Work),
        ];
        string[] options = [.. tricks.SelectMany(trick => (string[])["-o", $"SetEnv={trick.Name}={trick.Value}"])];
        Assert.Equal(126, server.Run(null, [.. options, server.Target, "pwn"]).Status);
        foreach ((string name, string value) in tricks)
        {
            Outcome environment = server.Run(null, "-o", $"SetEnv={name}={value}", server.Target, "env");
            Assert.Equal(0, environment.Status);
            Assert.DoesNotContain(value, environment.Output, StringComparison.Ordinal);
            Assert.Contains("HOME=/home/shellguard-test\n", environment.Output, StringComparison.Ordinal);
        }

        Assert.Empty(leash.Area.Sessions);
    }

    [Fact]
    public void Files_are_not_copied_and_subsystems_not_started()
    {
        using LeashArea leash = Leash();
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        string canary = $"{leash.Area.Work}/copied";
        Assert.NotEqual(0, server.RunProgram("/usr/bin/scp", "/etc/hostname", $"{server.Target}:{canary}").Status);
        Assert.NotEqual(0, server.RunProgram("/usr/bin/scp", "-O", "/etc/hostname", $"{server.Target}:{canary}").Status);
        Assert.NotEqual(0, server.RunProgram("/usr/bin/sftp", server.Target).Status);
        string shell = string.Join(' ', server.Client());
        Assert.NotEqual(
            0, Programs.Run(Programs.Start(["/usr/bin/rsync", "-e", shell, "/etc/hostname", $"{server.Target}:{canary}"]), null).Status);
        Assert.False(File.Exists(canary));
    }

    [Fact]
    public void A_person_at_a_terminal()
    {
        using LeashArea leash = Leash();
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        using TestArea seat = new(Identity.Root);
        using TerminalDriver terminal = new(seat, server.Client("-tt", server.Target));
        terminal.WaitFor("|x|>");
        terminal.Line("who");
        terminal.WaitForLine(leash.Account.Name);
        terminal.Line("wait");
        Programs.WaitUntil(() => Sleepers() > 0, "the sleeping pipeline");
        terminal.Press("C-c");
        Programs.WaitUntil(() => Sleepers() == 0, "the end of the sleeping pipeline");
        terminal.WaitFor("|x|>");
        terminal.Press("C-d");
        Assert.Equal(130, terminal.WaitForEnd());
    }

    [Fact]
    public void A_lost_connection_ends_the_pipeline()
    {
        using LeashArea leash = Leash();
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        using TestArea seat = new(Identity.Root);
        using TerminalDriver terminal = new(seat, server.Client("-tt", server.Target, "wait"));
        Programs.WaitUntil(() => Sleepers() > 0, "the sleeping pipeline");
        terminal.Close();
        Programs.WaitUntil(() => Sleepers() == 0, "the end of the sleeping pipeline");
    }

    [Fact]
    public void Two_hundred_sessions_at_once()
    {
        const int sessions = 200;
        using LeashArea leash = Leash();
        string state = SessionStorage.DefaultRoot(leash.Account.Uid);
        int before = Directory.Exists($"{state}/sessions") ? Directory.GetDirectories($"{state}/sessions").Length : 0;
        using SshServer server = new(leash, $"ForceCommand {leash.Program} --config {leash.Configuration}");
        Process[] clients = [.. Enumerable.Range(0, sessions).Select(_ => Programs.Start(server.Client(server.Target, "who")))];
        Outcome[] outcomes = [.. clients.Select(client => Programs.Run(client, null, TimeSpan.FromMinutes(5)))];
        Assert.All(outcomes, outcome => Assert.Equal((leash.Account.Name + "\n", 0), (outcome.Output, outcome.Status)));
        string[] all = [.. Directory.GetDirectories($"{state}/sessions").OrderByDescending(Path.GetFileName)];
        Assert.True(all.Length >= before + sessions, $"{all.Length} after {before}");
        Assert.All(all.Take(sessions), session => Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status));
    }

    private static LeashArea Leash() => new(Identity.Ordinary, Entries);

    private static int Sleepers() => Directory.GetDirectories("/proc")
        .Count(path => char.IsAsciiDigit(path[6])
            && Leftovers.Read($"{path}/cmdline").Contains("sleep\0987654", StringComparison.Ordinal));
}
