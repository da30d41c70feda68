using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>A guarded command is a job of the shell outside, as the command itself would be.</summary>
public sealed class JobTests
{
    [Theory, BothIdentities]
    public void A_command_stops_goes_on_and_ends_as_a_job(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        Begin(area, terminal, Words("/bin/sleep", "1000"));
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        Programs.WaitUntil(() => Sleeper(area) is 'T', "the command is stopped");
        terminal.Line("clear; bg; jobs");
        terminal.WaitFor("Running");
        Programs.WaitUntil(() => Sleeper(area) is 'S', "the command goes on in the background");
        terminal.Line("clear; fg");
        terminal.WaitFor("sleep 1000");
        Programs.WaitUntil(() => IsRaw(terminal), "the cell has the terminal");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");

        // Bash says how a job ended to who waits for it, or has said it before in its list and forgotten the job.
        terminal.Line("clear; p=$(jobs -p %1); kill %1; while wait $p; s=$?; test $s = 148; do sleep 0.1; done; echo status $s");
        terminal.WaitFor(screen => screen.Contains("\nstatus 143", StringComparison.Ordinal)
            || screen.Contains("Exit 143", StringComparison.Ordinal), "how the job ended");
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_command_that_is_brought_back_gets_what_is_typed(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        Begin(area, terminal, Words("/bin/bash", "-c", "'read x; echo got $x'"));
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("stty -a | grep -c -- -icanon; echo typed $((1 + 1))");
        terminal.WaitForLine("typed 2");
        Assert.Contains("\n0\n", terminal.Screen, StringComparison.Ordinal);
        terminal.Line("fg");
        Programs.WaitUntil(() => IsRaw(terminal), "the cell has the terminal");
        terminal.Line("word");
        terminal.WaitForLine("got word");
    }

    [Theory, BothIdentities]
    public void Vim_leaves_the_screen_and_comes_back_to_it(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("text", "first line\nsecond line\n");
        using TerminalDriver terminal = Shell(area);
        terminal.Line($"{Words("vim", "-u", "NONE", "-i", "NONE", "text")}; cat text");
        terminal.WaitFor(screen => screen.StartsWith("first line", StringComparison.Ordinal), "the file");
        for (int round = 1; round <= 3; round++)
        {
            terminal.Type($"Goround {round}");
            terminal.Press("Escape", "C-z");
            terminal.WaitFor("Stopped");
            terminal.Line($"clear; echo outside $((round + {round}))");
            terminal.WaitForLine($"outside {round}");
            terminal.Resize(80 + round, 24 + round);
            terminal.Line("fg");
            terminal.WaitFor(screen => screen.StartsWith("first line", StringComparison.Ordinal), "the file again");
        }

        terminal.WaitForLine("round 3");
        terminal.Type(":wq");
        terminal.Press("Enter");
        WaitForPrompt(terminal);
        terminal.Line("echo left $((2 + 3))");
        terminal.WaitForLine("left 5");
    }

    [Theory, BothIdentities]
    public void A_program_that_is_stopped_unawares_gets_its_modes_back(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("full", "printf '\\e[?1049h\\e[2J\\e[Hfull'; kill -STOP $$; printf ' again'; read; printf '\\e[?1049l'\n");
        using TerminalDriver terminal = Shell(area);
        terminal.Line("echo main screen");
        terminal.Line(Words("/bin/bash", "full"));
        string screen = terminal.WaitFor("Stopped");
        Assert.Contains("main screen", screen, StringComparison.Ordinal);
        terminal.Line("fg");
        terminal.WaitFor(shown => shown.Contains("again", StringComparison.Ordinal)
            && !shown.Contains("main screen", StringComparison.Ordinal), "the program's screen");
        terminal.Line("");
        terminal.WaitFor("main screen");
    }

    [Theory, BothIdentities]
    public void A_shell_inside_keeps_its_jobs_to_itself(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        terminal.Line(Words("/bin/bash", "--norc", "--noprofile", "-i"));
        terminal.WaitFor("bash-5");
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt inside");
        terminal.Press("C-z");
        terminal.Line("echo still $((3 + 3)); echo ready; sleep 1000");
        terminal.WaitForLine("ready");
        Programs.WaitUntil(() => Sleeper(area) is 'S', "the job inside");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("kill %1; wait; clear; suspend");
        WaitForPrompt(terminal);
        terminal.Line("clear; fg");
        terminal.WaitFor("run --");
        terminal.Line("echo inside $((5 + 6)); exit 7");
        terminal.WaitForLine("inside 11");
        WaitForPrompt(terminal);
        terminal.Line("echo status $?");
        terminal.WaitForLine("status 7");
    }

    [Theory, BothIdentities]
    public void A_pipeline_stops_and_goes_on_as_a_whole(Identity identity)
    {
        using TestArea area = new(identity);
        File.WriteAllLines($"{area.Work}/long", Enumerable.Range(1, 1000).Select(i => $"line number {i}"));
        using TerminalDriver terminal = Shell(area);
        terminal.Line($"cat long | {Words("less")}");
        terminal.WaitForLine("line number 1");
        terminal.Press("Space");
        terminal.WaitForLine("line number 25");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("clear; echo outside $((4 + 4))");
        terminal.WaitForLine("outside 8");
        terminal.Line("fg");
        terminal.WaitForLine("line number 25");
        terminal.Type("G");
        terminal.WaitForLine("line number 1000");
        terminal.Type("q");
        WaitForPrompt(terminal);
        terminal.Line("echo left $((5 + 5))");
        terminal.WaitForLine("left 10");
    }

    [Theory, BothIdentities]
    public void A_script_that_runs_a_guarded_command_stops_with_it(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", $"{Words("/bin/bash", "-c", "'echo ready; read x; echo got $x'")}\necho script goes on\n");
        using TerminalDriver terminal = Shell(area);
        terminal.Line("sh script");
        terminal.WaitForLine("ready");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("fg");
        Programs.WaitUntil(() => IsRaw(terminal), "the cell has the terminal");
        terminal.Line("word");
        terminal.WaitForLine("got word");
        terminal.WaitForLine("script goes on");
    }

    [Theory, BothIdentities]
    public void Without_a_terminal_of_its_own_a_command_stops_too(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        terminal.Line($"{Words("/bin/sleep", "1000")} < /dev/null > out 2>&1");
        Programs.WaitUntil(() => Sleeper(area) is 'S', "the command runs");
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        Programs.WaitUntil(() => Sleeper(area) is 'T', "the command is stopped");
        terminal.Line("bg");
        Programs.WaitUntil(() => Sleeper(area) is 'S', "the command goes on");

        // By its process: bash forgets a job when it has said that it ended.
        terminal.Line("clear; p=$(jobs -p %1); kill %1; while wait $p; s=$?; test $s = 148; do sleep 0.1; done; echo status $s");
        terminal.WaitForLine("status 143");
        Leftovers.AssertNone(area);
    }

    /// <summary>While the cell is made the stop waits: its launch cannot be stopped in the middle.</summary>
    [Theory, BothIdentities]
    public void A_stop_at_any_moment_of_the_launch_is_a_stop_or_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        string guarded = Words("/bin/sleep", "1000");
        area.Write("round", $"""
            set -m
            eval "{guarded} < /dev/null $2 &"
            sleep 0.0$1
            kill -TSTP %%
            sleep 0.3
            kill -CONT %%
            kill -TERM %%
            wait %%
            s=$?; test $s = 148 && wait %% && s=$?
            exit $s
            """);
        area.Write("stops", """
            ended=0
            for round in $(seq 1 20); do
                for redirection in '' '> out 2>&1'; do
                    bash round $round "$redirection" 2> /dev/null
                    test $? -ge 125 && ended=$((ended + 1))
                done
            done
            echo all $ended rounds
            """);
        using TerminalDriver terminal = Shell(area);
        terminal.Line("bash stops");
        terminal.WaitFor(screen => screen.Contains("all 40 rounds", StringComparison.Ordinal), "the end", Programs.Patience);
        Leftovers.AssertNone(area);
    }

    /// <summary>Ctrl-C while the cell is made: before there is anybody to hand it to, it ends the session.</summary>
    [Theory, BothIdentities]
    public void An_interrupt_at_any_moment_of_the_launch_ends_it(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("round", $"""
            set -m
            eval "{Words("/bin/sleep", "1000")} $2 &"
            sleep 0.0$1
            kill -INT %%
            wait %%
            """);
        area.Write("interrupts", """
            ended=0
            for round in $(seq 1 20); do
                for redirection in '' '< /dev/null > out 2>&1'; do
                    bash round $round "$redirection" 2> /dev/null
                    test $? -ge 125 && ended=$((ended + 1))
                done
            done
            echo all $ended rounds
            """);
        using TerminalDriver terminal = Shell(area);
        terminal.Line("bash interrupts");
        terminal.WaitFor(screen => screen.Contains("all 40 rounds", StringComparison.Ordinal), "the end", Programs.Patience);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_stopped_command_ends_with_its_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        Begin(area, terminal, Words("/bin/sleep", "1000"));
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Close();
        Leftovers.AssertNone(area);
    }

    private static string Words(params string[] command) =>
        string.Join(' ', TestArea.GuardedWordsHere([], command));

    private static TerminalDriver Shell(TestArea area)
    {
        TerminalDriver terminal = new(area, ["/bin/bash", "--norc", "--noprofile", "-i"]);
        terminal.Line("PS1='host> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("host>", StringComparison.Ordinal), "the prompt");
        return terminal;
    }

    /// <summary>Waits until the shell outside is at its prompt: what is typed before may be discarded with the
    /// terminal's late answers.</summary>
    private static void WaitForPrompt(TerminalDriver terminal) =>
        terminal.WaitFor(screen => screen.EndsWith("host>", StringComparison.Ordinal), "the prompt outside");

    /// <summary>Runs a command that writes nothing, and waits until its cell has the terminal.</summary>
    private static void Begin(TestArea area, TerminalDriver terminal, string line)
    {
        terminal.Line(line);
        Programs.WaitUntil(() => area.Sessions.Count > 0 && CommandOf(terminal) is not null, "the command runs");
        Programs.WaitUntil(() => IsRaw(terminal), "the cell has the terminal");
    }

    private static int? CommandOf(TerminalDriver terminal) =>
        Leftovers.ChildrenOf(terminal.Process).SelectMany(Leftovers.ChildrenOf).SelectMany(Leftovers.ChildrenOf)
            .Cast<int?>().FirstOrDefault();

    /// <summary>The state of the guarded sleep, proc_pid_stat(5).</summary>
    private static char? Sleeper(TestArea area)
    {
        foreach (string process in Leftovers.CellProcesses(area))
        {
            if (Leftovers.Read($"{process}/cmdline").Contains("sleep\0" + "1000", StringComparison.Ordinal)
                && Leftovers.Read($"{process}/stat") is { Length: > 0 } stat)
            {
                return stat[stat.LastIndexOf(')') + 2];
            }
        }

        return null;
    }

    private static bool IsRaw(TerminalDriver terminal) => terminal.Attributes.Contains("-icanon", StringComparison.Ordinal);
}
