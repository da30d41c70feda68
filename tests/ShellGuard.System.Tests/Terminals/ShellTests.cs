using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>A shell at a terminal behaves as outside.</summary>
public sealed class ShellTests
{
    [Theory, BothIdentities]
    public void Job_control_and_control_keys(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        terminal.Line("sleep 100; echo ended $?");
        Thread.Sleep(500);
        terminal.Press("C-c");
        terminal.Line("echo after $((1 + 1))");
        terminal.WaitForLine("after 2");
        Assert.DoesNotContain("\nended", terminal.Screen, StringComparison.Ordinal);

        terminal.Line("sleep 101");
        Thread.Sleep(500);
        terminal.Press("C-z");
        terminal.WaitFor("Stopped");
        terminal.Line("bg; jobs");
        terminal.WaitFor("Running");
        terminal.Line("fg");
        Thread.Sleep(500);
        terminal.Press("C-c");
        terminal.Line("jobs; echo left $((3 + 4))");
        terminal.WaitForLine("left 7");
        terminal.Line("cat > typed");
        terminal.Line("some text");
        terminal.Press("C-d");
        terminal.Line("wc -c < typed");
        terminal.WaitForLine("10");
        terminal.Press("C-d");
        Assert.Equal(0, terminal.WaitForEnd());
        Assert.False(File.Exists($"{area.Work}/typed"));
    }

    [Theory, BothIdentities]
    public void The_window_size_follows(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        terminal.Line("trap 'echo size $(stty size)' WINCH; stty size");
        terminal.WaitForLine("24 80");
        terminal.Resize(100, 40);
        terminal.Line("");
        terminal.WaitForLine("size 40 100");
        terminal.Line("echo $(tput cols) $(tput lines)");
        terminal.WaitForLine("100 40");
        terminal.Line("exit 12");
        Assert.Equal(12, terminal.WaitForEnd());
    }

    [Theory, BothIdentities]
    public void Completion(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("a-file-with-a-long-name", "content\n");
        using TerminalDriver terminal = Shell(area);
        terminal.Line(". /usr/share/bash-completion/bash_completion; echo ready $((5 + 5))");
        terminal.WaitForLine("ready 10");
        terminal.Type("cat a-fi");
        terminal.Press("Tab");
        terminal.WaitFor("a-file-with-a-long-name");
        terminal.Press("Enter");
        terminal.WaitForLine("content");
        terminal.Type("git check");
        terminal.Press("Tab", "Tab");
        terminal.WaitFor("checkout");
    }

    [Theory, BothIdentities]
    public void A_password_prompt_does_not_echo(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = Shell(area);
        terminal.Line("read -rsp 'Secret: ' secret; echo; echo length ${#secret}");
        terminal.WaitFor("\nSecret:");
        terminal.Line("hunter2hunter2");
        string screen = terminal.WaitForLine("length 14");
        Assert.DoesNotContain("hunter2", screen, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void The_terminal_is_as_before_afterwards(Identity identity)
    {
        using TestArea area = new(identity);
        string guarded = string.Join(' ', TestArea.GuardedWordsHere([], "/bin/bash", "-c", "'stty raw -echo; kill -9 $$'"));
        using TerminalDriver terminal = new(
            area, ["/bin/bash", "-c", $"stty -a > before; {guarded}; echo status $?; stty -a > after; cmp before after && echo same"]);
        terminal.WaitForLine("status 137");
        terminal.WaitForLine("same");
    }

    [Theory, BothIdentities]
    public void A_guarded_command_in_the_background_can_be_brought_back(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = new(area, ["/bin/bash", "--norc", "--noprofile", "-i"]);
        terminal.Line($"PS1='host> '; {string.Join(' ', TestArea.GuardedWordsHere([], "/bin/bash", "-c", "'read x; echo got $x'"))}");
        Thread.Sleep(2000);
        terminal.Press("C-z");
        Thread.Sleep(500);
        terminal.Line("fg");
        terminal.Line("word");
        terminal.WaitForLine("got word");
    }

    private static TerminalDriver Shell(TestArea area)
    {
        TerminalDriver terminal = TerminalDriver.Guarded(area, [], "/bin/bash", "--norc", "--noprofile", "-i");
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        return terminal;
    }
}
