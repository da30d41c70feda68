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

    [Theory, BothIdentities]
    public void A_killed_supervisor_leaves_no_process_at_the_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, [], "/bin/bash", "-c", "sleep 1000 & echo ready; wait");
        terminal.WaitForLine("ready");
        Programs.Run("kill", "-9", $"{terminal.Process}").Succeed();
        Leftovers.AssertNone(area);
        Assert.NotEqual(JournalStatus.Bad, Remains.Verify(area.Sessions[^1]).Status);
    }
}
