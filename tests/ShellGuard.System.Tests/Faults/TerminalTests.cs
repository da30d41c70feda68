using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

public sealed class TerminalTests
{
    [Theory, BothIdentities]
    public void A_closed_terminal_ends_the_cell(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, [], "/bin/bash", "-c", "trap '' HUP TERM; echo ready; while :; do sleep 1; done");
        terminal.WaitForLine("ready");
        string session = area.Sessions[^1];
        terminal.Close();
        Leftovers.AssertNone(area);
        Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status);
    }

    /// <summary>While output floods, nobody reads what is typed, a program has the screen, or a job inside is stopped.</summary>
    [Theory, BothIdentities]
    public void A_terminal_closed_in_mid_session_leaves_a_valid_journal_and_the_files(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (string line in (string[])
        [
            "echo kept > file; echo ready; sleep 0.3; yes",
            "echo kept > file; echo ready; stty raw -echo; cat > /dev/null",
            "echo kept > file; echo ready; sleep 0.3; exec vim -u NONE -i NONE file",
            "echo kept > file; echo ready; set -m; sleep 1000 & kill -STOP $!; sleep 1001",
        ])
        {
            using TerminalDriver terminal = TerminalDriver.Guarded(area, [], "/bin/bash", "-c", line);
            terminal.WaitForLine("ready");
            Thread.Sleep(600);
            terminal.Close();
            Leftovers.AssertNone(area);
            string session = area.Sessions[^1];
            Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status);
            Assert.Contains("\"event\":\"session-end\"", Remains.JournalText(session), StringComparison.Ordinal);
            Assert.Contains($"{area.Work}/file", Remains.Changes(session));
        }
    }

    /// <summary>Without a signal: the supervisor is in another session than the terminal and only sees it vanish.</summary>
    [Theory, BothIdentities]
    public void A_terminal_that_vanishes_without_a_signal_ends_the_cell(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = new(
            area, ["/usr/bin/setsid", "-w", .. TestArea.GuardedWordsHere([], "/bin/bash", "-c", "echo ready; sleep 1000")]);
        terminal.WaitForLine("ready");
        terminal.Close();
        Leftovers.AssertNone(area);
        string session = area.Sessions[^1];
        Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status);
        Assert.Contains("the terminal is gone", Remains.JournalText(session), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_killed_supervisor_leaves_no_process_at_the_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        string guarded = string.Join(
            ' ', TestArea.GuardedWordsHere([], "/bin/bash", "-c", "'sleep 1000 & echo ready; wait'"));

        // A shell looks at the status: tmux does not always reap a killed process in time.
        using TerminalDriver terminal = new(area, ["/bin/bash", "-c", $"{guarded}; echo status $?; exec sleep 1000"]);
        terminal.WaitForLine("ready");
        int supervisor = Assert.Single(Leftovers.ChildrenOf(terminal.Process));
        Programs.Run("kill", "-9", $"{supervisor}").Succeed();
        terminal.WaitFor("status 137");
        Leftovers.AssertNone(area);
        Assert.NotEqual(JournalStatus.Bad, Remains.Verify(area.Sessions[^1]).Status);
    }
}
