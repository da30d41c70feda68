using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>Programs that own the whole screen, driven by keys. The same keys outside leave the same screen.</summary>
public sealed class FullScreenTests
{
    [Theory, BothIdentities]
    public void Vim_edits_a_file(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("text", "first line\nsecond line\n");
        string Edit(TerminalDriver terminal)
        {
            terminal.WaitFor(screen => screen.StartsWith("first line", StringComparison.Ordinal), "the file");
            terminal.Type("Goadded by vim");
            terminal.Press("Escape");
            terminal.Type("ggdwix");
            terminal.Press("Escape");
            terminal.Type(":%s/line/row/g");
            terminal.Press("Enter");
            string screen = terminal.WaitFor("second row");
            terminal.Type(":wq");
            terminal.Press("Enter");
            Assert.Equal(0, terminal.WaitForEnd());
            return screen;
        }

        string line = "vim -u NONE -i NONE text; cat text > /dev/tty; sha256sum text >&2";
        using TerminalDriver inside = TerminalDriver.Guarded(area, [], "/bin/bash", "-c", line);
        string seen = Edit(inside);
        Assert.Contains("added by vim", inside.Screen, StringComparison.Ordinal);
        Assert.Equal("first line\nsecond line\n", File.ReadAllText($"{area.Work}/text"));
        using TerminalDriver outside = new(area, ["/bin/bash", "-c", line]);
        Assert.Equal(Edit(outside), seen);
        Assert.Equal(Text(outside), Text(inside));
    }

    /// <summary>The file and its hash, without what tmux and ShellGuard say at the end.</summary>
    private static string Text(TerminalDriver terminal)
    {
        const string End = "  text";
        string screen = terminal.Screen;
        return screen[..(screen.IndexOf(End, StringComparison.Ordinal) + End.Length)];
    }

    [Theory, BothIdentities]
    public void Less_pages_and_searches(Identity identity)
    {
        using TestArea area = new(identity);
        File.WriteAllLines($"{area.Work}/long", Enumerable.Range(1, 1000).Select(i => $"line number {i}"));
        using TerminalDriver terminal = TerminalDriver.Guarded(area, [], "less", "long");
        terminal.WaitForLine("line number 1");
        terminal.Press("Space");
        terminal.WaitForLine("line number 24");
        terminal.Type("/number 777");
        terminal.Press("Enter");
        terminal.WaitFor(screen => screen.StartsWith("line number 777", StringComparison.Ordinal), "line 777 on top");
        terminal.Resize(80, 10);
        terminal.WaitFor(screen => screen.Split('\n').Length <= 10 && screen.Contains("777", StringComparison.Ordinal), "10 rows");
        terminal.Type("G");
        terminal.WaitForLine("line number 1000");
        terminal.Type("q");
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Theory, BothIdentities]
    public void Htop_shows_the_processes_of_the_cell_only(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, [], 120, "/bin/bash", "-c", "sleep 12345 & sleep 0.2; htop");
        string screen = terminal.WaitFor("sleep 12345");
        Assert.Contains("shellguard-i", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("tmux", screen, StringComparison.Ordinal);
        terminal.Type("q");
        Assert.Equal(0, terminal.WaitForEnd());
    }

    [Theory, BothIdentities]
    public void Tmux_inside_splits_and_detaches(Identity identity)
    {
        using TestArea area = new(identity);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, [], "/bin/bash", "-c", "tmux -f /dev/null new-session 'PS1=\"one> \" bash --norc --noprofile'; echo left");
        terminal.WaitFor("one>");
        terminal.Press("C-b");
        terminal.Type("\"");
        terminal.WaitFor(screen => screen.Contains("────", StringComparison.Ordinal), "two panes");
        terminal.Line("echo $((20 + 3)) in the second; exit");
        terminal.WaitFor(screen => !screen.Contains("────", StringComparison.Ordinal), "one pane");
        terminal.Line("echo in the first $((20 + 4))");
        terminal.WaitForLine("in the first 24");
        terminal.Line("exit");
        terminal.WaitForLine("left");
        Assert.Equal(0, terminal.WaitForEnd());
    }
}
