using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A lobby at a terminal: each side has a terminal of its own, and the person sees one.</summary>
public sealed class LobbyTerminalTests
{
    internal const string Policy = """
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
        commands = ["tac", "sleep", "less", "tty", "vim"]
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
        terminal.WaitFor(screen => screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");
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

        // What is typed while a side still has the terminal goes to that side.
        terminal.WaitFor(screen => screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");
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

    /// <summary>What a side alone has is completed by no key: its names are not there.</summary>
    [Theory, BothIdentities]
    public void Completion_and_history(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("echo one > mine; echo two | tac > theirs; clear");
        terminal.WaitFor(screen => screen == "in>", "the prompt");
        terminal.Type("ta");
        terminal.Press("Tab", "Tab");
        Assert.Contains("tac ", terminal.WaitFor("tail "), StringComparison.Ordinal);
        terminal.Type("c th");
        terminal.Press("Tab");
        terminal.Press("C-u");
        terminal.Type("tac mi");
        terminal.Press("Tab");
        string screen = terminal.WaitFor("in> tac mine");
        Assert.DoesNotContain("theirs", screen, StringComparison.Ordinal);
        terminal.Press("Enter");
        terminal.WaitForLine("one");
        terminal.Line("clear; tac theirs");
        terminal.WaitForLine("two");
        terminal.Press("Up", "Up", "Enter");
        terminal.WaitFor(text => text.EndsWith("in> tac mine\none\nin>", StringComparison.Ordinal), "the line of before");
        terminal.Press("C-r");
        terminal.Type("clear; t");
        terminal.Press("Enter");
        terminal.WaitFor("two\nin>");
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>One pipeline is one job, wherever its parts run: Ctrl-C ends the lobby's part too and the loop around it, and
    /// Ctrl-Z stops all of it.</summary>
    [Theory, BothIdentities]
    public void Keys_reach_both_parts_of_a_pipeline(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("tail -f /dev/null | tac; echo ended $?");
        Thread.Sleep(1000);
        terminal.Press("C-c");
        terminal.WaitFor(screen => screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("clear; pgrep -c tail; echo none-left");
        Assert.Contains("0\nnone-left", terminal.WaitForLine("none-left"), StringComparison.Ordinal);

        terminal.Line("clear; for i in 1 2 3; do sleep 100; echo turn $i; done");
        Thread.Sleep(1000);
        terminal.Press("C-c");
        terminal.WaitFor(screen => screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("echo on $((1 + 1))");
        Assert.DoesNotContain("turn ", terminal.WaitForLine("on 2").Replace("echo turn", "", StringComparison.Ordinal), StringComparison.Ordinal);

        terminal.Line("clear; tail -f /dev/null | tac");
        Thread.Sleep(1000);
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("clear; fg");
        Thread.Sleep(700);
        terminal.Press("C-c");
        terminal.WaitFor(screen => screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("clear; jobs; pgrep -c tail; echo gone");
        Assert.Contains("0\ngone", terminal.WaitForLine("gone"), StringComparison.Ordinal);

        // A program that takes Ctrl-C for itself goes on, and ends as it wants.
        terminal.Line("clear; shellguard run --in side -- bash -c 'trap \"echo caught\" INT; sleep 1; sleep 3; echo own end'; echo status $?");
        Thread.Sleep(600);
        terminal.Press("C-c");
        terminal.WaitFor("caught\n");
        terminal.WaitForLine("own end");
        terminal.WaitForLine("status 0");
        terminal.Line("exit");
        terminal.WaitForEnd();
        Leftovers.AssertNone(area);
    }

    /// <summary>The person can ask on the spot, and nothing in the lobby reads the answer.</summary>
    [Theory, BothIdentities]
    public void Why_is_answered_in_the_lobby_to_the_person_alone(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Lobby(area);
        terminal.Line("echo y | tac | while read a; do :; done; clear; x=$(echo y | tac); clear; shellguard why 1; echo status $?");
        terminal.WaitForLine("status 0");
        terminal.WaitFor("because");
        terminal.WaitFor("conflict \"apart\"");
        terminal.Line("clear; shellguard why 77; echo status $?");
        terminal.WaitForLine("status 0");
        terminal.WaitFor("there is no denial 77");
        terminal.Line("clear; x=$(shellguard why 1); echo \"read <$x>\"");
        terminal.WaitForLine("read <>");
        terminal.Line("clear; shellguard log; echo status $?");
        terminal.WaitFor("shellguard log reads what the session keeps outside of its cells");
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>The stub of an allowed command names a file that only the side has, and that is no denial.</summary>
    [Theory, BothIdentities]
    public void An_allowed_command_is_not_called_denied(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("tree/file", "of the side\n");
        using TerminalDriver terminal = Lobby(area, Policy + $$"""


            [[resource]]
            name = "tree"
            paths = ["{{area.Work}}/tree"]
            source = ["secret"]

            [cell.reader]
            label = ["secret"]
            read-only = ["{{area.Work}}/tree"]
            """);
        terminal.Line("cat tree/file; echo status $?");
        string screen = terminal.WaitForLine("status 0");
        Assert.Contains("of the side", screen, StringComparison.Ordinal);
        Thread.Sleep(300);
        Assert.DoesNotContain("denied", terminal.Screen, StringComparison.Ordinal);
        terminal.Line("exit");
        terminal.WaitForEnd();
        Assert.DoesNotContain("[why ", area.Shellguard("log"), StringComparison.Ordinal);
    }

    /// <summary>What is typed in a side's shell may hold what the side knows: its history is in the side's layer, which the policy
    /// hides, and neither the host nor another session gets it.</summary>
    [Theory, BothIdentities]
    public void A_sides_history_stays_in_its_layer(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        string history = $"{area.Home}/.bash_history";
        File.WriteAllText(history, "typed before\n");
        area.Own();
        using (TerminalDriver terminal = new(area, [NativeBinary.Path, "shell", "--in", "side", "--policy", policy]))
        {
            terminal.Line("PS1='side> '; clear; echo canary-$((4000 + 711))");
            terminal.WaitForLine("canary-4711");
            terminal.Line("history | grep -c canary");
            terminal.WaitForLine("2");
            terminal.Line("exit");
            terminal.WaitForEnd();
        }

        Assert.Equal("typed before\n", File.ReadAllText(history));
        string[] holding = [.. Programs.Run("grep", "-rlF", "canary-$((4000", $"{area.Sessions[0]}").Output
            .Split('\n').Where(path => path.Contains("/.bash_history", StringComparison.Ordinal))];
        Assert.NotEmpty(holding);
        Assert.All(holding, path => Assert.StartsWith($"{area.Sessions[0]}/cells/secret-", path, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", area.InsideShell(["--policy", policy], "cat ~/.bash_history 2>&1").Output, StringComparison.Ordinal);
    }

    internal static TerminalDriver Lobby(TestArea area, string text = Policy)
    {
        string policy = area.Write("walls.toml", text);
        area.Own();
        TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--policy", policy], "/bin/bash", "--norc", "--noprofile", "-i");
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        return terminal;
    }
}
