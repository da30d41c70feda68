using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A lobby at a terminal: each side has a terminal of its own, and the person sees one.</summary>
public sealed class LobbyTerminalTests
{
    private const string Policy = """
        extends = "default"

        [tags]
        "secret" = "what stays here"
        "out" = "anybody outside"

        [[resource]]
        name = "outside"
        net = ["example.org:443"]
        sink = ["out"]

        [[resource]]
        name = "vault"
        net = ["127.0.0.1:1"]
        source = ["secret"]

        [[conflict]]
        name = "apart"
        at_most = 1
        of = ["secret", "out"]

        [cell.side]
        label = ["secret"]
        commands = ["tac", "sleep", "less", "tty"]
        net = ["127.0.0.1:1"]

        [cell.net]
        label = []
        net = ["example.org:443"]
        """;

    [Theory, BothIdentities]
    public void Job_control_control_keys_and_statuses(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("printf 'one\\ntwo\\n' | tac; echo status $?");
        terminal.WaitForLine("two");
        terminal.WaitForLine("status 0");

        terminal.Line("sleep 100; echo after $?");
        Thread.Sleep(700);
        terminal.Press("C-c");
        terminal.Line("echo on $((1 + 1))");
        terminal.WaitForLine("on 2");

        terminal.Line("sleep 101");
        Thread.Sleep(700);
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("bg; jobs");
        terminal.WaitFor("Running");
        terminal.Line("fg");
        Thread.Sleep(500);
        terminal.Press("C-c");
        terminal.Line("jobs; echo left $((3 + 4))");
        terminal.WaitForLine("left 7");

        terminal.Line("sleep 102 & kill %1; wait; echo waited");
        terminal.WaitForLine("waited");
        terminal.Line("exit 12");
        Assert.Equal(12, terminal.WaitForEnd());
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_pager_of_a_side_and_what_is_typed_to_it(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("seq 1 500 > numbers; less numbers");
        terminal.WaitForLine("22");
        terminal.Press("G");
        terminal.WaitFor(screen => screen.Contains("\n500", StringComparison.Ordinal), "the end of the file");
        terminal.Press("q");
        Thread.Sleep(700);
        terminal.Line("clear; echo back $((5 + 5))");
        terminal.WaitForLine("back 10");

        terminal.Line("tac");
        Thread.Sleep(700);
        terminal.Line("typed first");
        terminal.Line("typed second");
        terminal.Press("C-d");
        terminal.WaitFor(screen => screen.Contains("typed second\ntyped first\n", StringComparison.Ordinal), "both lines turned");
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    [Theory, BothIdentities]
    public void A_refusal_shows_the_path_and_another_terminal_gets_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("echo x | tac | while read a; do echo got $a; done; clear; echo x | tac | cat > mine; cat mine");
        terminal.WaitForLine("x");
        terminal.Line("clear; x=$(echo y | tac); echo empty:$x:");
        terminal.WaitFor("conflict \"apart\": secret and out, at most 1");
        terminal.WaitFor("side");
        terminal.WaitForLine("empty::");

        // script(1) is a terminal of the lobby's: who has its other end reads what is written to it.
        terminal.Line("clear; script -qc \"printf 'Q%sQ' Q | tac\" typed; echo ended; grep -c QQQ typed");
        terminal.WaitForLine("ended");
        terminal.WaitForLine("0");
        terminal.Line("exit");
        terminal.WaitForEnd();
        Assert.Contains("side", area.Shellguard("cells"), StringComparison.Ordinal);
        Assert.Contains("side", area.Shellguard("flow", "--ended"), StringComparison.Ordinal);
        Assert.StartsWith("<svg", area.Shellguard("flow", "--svg").TrimStart(), StringComparison.Ordinal);
    }

    private static TerminalDriver Lobby(TestArea area)
    {
        string policy = area.Write("walls.toml", Policy);
        area.Own();
        TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--policy", policy], "/bin/bash", "--norc", "--noprofile", "-i");
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        return terminal;
    }
}
