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
        (string port, string ssh) = Serve(area);
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
        using TestArea area = new(identity);
        (string port, string ssh) = Serve(area);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"],
            "/bin/bash", "-c", $"{ssh} -tt 'PS1=\"far> \" exec bash --norc --noprofile -i'");
        terminal.WaitFor("far> ");
        terminal.Line("stty size; echo here $((40 + 2))");
        terminal.WaitForLine("24 80");
        terminal.WaitForLine("here 42");
        terminal.Line("sleep 100; echo status $?");
        Thread.Sleep(300);
        terminal.Press("C-c");
        terminal.Line("exit 4");
        Assert.Equal(4, terminal.WaitForEnd());
    }

    private static (string Port, string Client) Serve(TestArea area)
    {
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        area.Write("../server/config", $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {area.Root}/server/host
            AuthorizedKeysFile {area.Work}/key.pub
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            """);
        area.OutsideShell("""
            set -e
            ssh-keygen -q -t ed25519 -N '' -f ../server/host
            ssh-keygen -q -t ed25519 -N '' -f key
            """).Succeed();
        if (area.Account.Identity == Identity.Root)
        {
            Directory.CreateDirectory("/run/sshd");
        }

        area.Serve("/usr/sbin/sshd", "-D", "-e", "-f", $"{area.Root}/server/config");
        Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
        return (port, $"ssh -F none -i key -p {port} -o StrictHostKeyChecking=accept-new -o LogLevel=ERROR "
            + $"-o UserKnownHostsFile=known -o BatchMode=yes {area.Account.Name}@git.shellguard.test");
    }
}
