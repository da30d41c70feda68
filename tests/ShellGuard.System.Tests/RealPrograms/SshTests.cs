using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

/// <summary>The ssh client in a cell and a server outside, with keys that the test made.</summary>
public sealed class SshTests
{
    [Theory, BothIdentities]
    public void Commands_and_bytes_pass(Identity identity)
    {
        using TestArea area = new(identity);
        (string port, string ssh) = Serve(area, area);
        string[] flags = ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"];
        Assert.Equal(
            $"{area.Account.Name}\n",
            area.SameResult(flags, $"{ssh} 'id -un; exit 7'").EndWith(7).Output);
        Outcome bytes = area.SameResult(
            flags, $"head -c 3000000 /dev/zero | {ssh} 'tr \"\\0\" x | sha256sum; head -c 2000000 /dev/zero' | sha256sum");
        bytes.Succeed();
        area.InsideShell([], $"{ssh} true").EndWith(255);
    }

    [Theory, BothIdentities]
    public void A_login_in_a_terminal(Identity identity)
    {
        // A server that is not root's cannot hand a terminal to anybody.
        using TestArea host = new(Identity.Root);
        using TestArea area = new(identity);
        (string port, string ssh) = Serve(host, area);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"],
            "/bin/bash", "-c", $"{ssh} -tt 'PS1=\"far> \" exec bash --norc --noprofile -i'");
        terminal.WaitFor("far>");
        terminal.Line("stty size; echo here $((40 + 2))");
        terminal.WaitForLine("24 80");
        terminal.WaitForLine("here 42");
        terminal.Line("sleep 100; echo status $?");
        Thread.Sleep(300);
        terminal.Press("C-c");
        terminal.Line("exit 4");
        Assert.Equal(4, terminal.WaitForEnd());
    }

    /// <summary>ssh asks at the terminal itself, whatever its input is.</summary>
    [Theory, BothIdentities]
    public void A_passphrase_is_asked_for_and_not_shown(Identity identity)
    {
        using TestArea area = new(identity);
        (string port, string ssh) = Serve(area, area, "open sesame");
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"],
            "/bin/bash", "-c", $"echo piped | {ssh.Replace("BatchMode=yes", "BatchMode=no", StringComparison.Ordinal)} 'cat; echo far $((40 + 2))'");
        terminal.WaitFor("Enter passphrase for key");
        terminal.Line("open sesame");
        terminal.WaitForLine("far 42");
        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Contains("piped", terminal.Screen, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", terminal.Screen, StringComparison.Ordinal);
    }

    private static (string Port, string Client) Serve(TestArea host, TestArea area, string passphrase = "")
    {
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        area.OutsideShell($"ssh-keygen -q -t ed25519 -N '{passphrase}' -f key").Succeed();
        host.OutsideShell("mkdir ../server; ssh-keygen -q -t ed25519 -N '' -f ../server/host").Succeed();
        File.Copy($"{area.Work}/key.pub", $"{host.Root}/server/allowed");
        host.Write("../server/config", $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {host.Root}/server/host
            AuthorizedKeysFile {host.Root}/server/allowed
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            """);
        if (host.Account.Identity == Identity.Root)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        host.Serve("/usr/sbin/sshd", "-D", "-e", "-f", $"{host.Root}/server/config");
        Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
        return (port, $"ssh -F none -i key -p {port} -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "
            + $"-o UserKnownHostsFile=known -o BatchMode=yes {host.Account.Name}@git.shellguard.test");
    }
}
