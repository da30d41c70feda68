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
        using TerminalDriver inside = TerminalDriver.Guarded(area, [], "less", "long");
        string[] seen = Page(inside);
        using TerminalDriver outside = new(area, ["less", "long"]);
        Assert.Equal(Page(outside), seen);

        static string[] Page(TerminalDriver terminal)
        {
            terminal.WaitForLine("line number 1");
            terminal.Press("Space");
            string second = terminal.WaitForLine("line number 46");
            terminal.Type("/number 777");
            terminal.Press("Enter");
            string found = terminal.WaitFor(screen => screen.StartsWith("line number 777", StringComparison.Ordinal), "line 777 on top");
            terminal.Resize(80, 10);
            string small = terminal.WaitFor(
                screen => screen.StartsWith("line number 777", StringComparison.Ordinal)
                    && screen.Split('\n') is { Length: 10 } lines && lines[^1] == ":", "10 rows");
            terminal.Type("G");
            string end = terminal.WaitForLine("line number 1000");
            terminal.Type("q");
            Assert.Equal(0, terminal.WaitForEnd());
            return [second, found, small, end];
        }
    }

    [Theory, BothIdentities]
    public void Htop_filters_and_kills_and_shows_the_processes_of_the_cell_only(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("session.sh", $"sleep 4321{(int)identity} & sleep 0.2; htop; wait");
        string[] command = ["/bin/bash", "session.sh"];
        using TerminalDriver inside = TerminalDriver.Guarded(area, [], 120, command);
        string screen = inside.WaitFor("sleep 4321");
        Assert.Contains("shellguard-i", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("tmux", screen, StringComparison.Ordinal);
        string[] seen = Kill(inside);
        using TerminalDriver outside = new(area, command, 120);
        Assert.Equal(Kill(outside), seen);

        static string[] Kill(TerminalDriver terminal)
        {
            terminal.WaitFor("F10Quit");
            terminal.Press("F4");
            terminal.Type("sleep 4321");
            terminal.Press("Enter");
            string[] lines = terminal.WaitFor(
                screen => Rows(screen).Length == 1 && Rows(screen)[0].Contains("sleep 4321", StringComparison.Ordinal), "one row").Split('\n');
            string columns = lines.Single(line => line.Contains("PRI", StringComparison.Ordinal));
            string row = Rows(string.Join('\n', lines))[0];
            terminal.Press("F9");
            string signals = terminal.WaitFor("15 SIGTERM");
            terminal.Press("Enter");
            terminal.WaitFor(screen => Rows(screen).Length == 0, "no row");
            terminal.Type("q");
            Assert.Equal(0, terminal.WaitForEnd());

            // How wide the numbers of processes can be is each pid namespace's own.
            string command = row[row.LastIndexOf("sleep", StringComparison.Ordinal)..].TrimEnd();
            return [columns.TrimStart(), lines[^1], command, $"{signals.Contains("Send", StringComparison.Ordinal)}"];
        }

        // Between the names of the columns and those of the keys.
        static string[] Rows(string screen) =>
        [
            .. screen.Split('\n').SkipWhile(line => !line.Contains("PRI", StringComparison.Ordinal)).Skip(1)
                .TakeWhile(line => !line.StartsWith("F1", StringComparison.Ordinal)).Where(line => line.Trim().Length > 0),
        ];
    }

    [Theory, BothIdentities]
    public void Tmux_inside_splits_and_detaches(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("tmux.conf", """
            set -g status off
            set -g default-command 'PS1="two> " bash --norc --noprofile'
            """);
        string line = $"env -u TMUX tmux -L inner-{Environment.ProcessId} -f tmux.conf new-session 'PS1=\"one> \" bash --norc --noprofile'; echo left";
        using TerminalDriver inside = TerminalDriver.Guarded(area, [], "/bin/bash", "-c", line);
        string[] seen = Split(inside);
        using TerminalDriver outside = new(area, ["/bin/bash", "-c", line]);
        Assert.Equal(Split(outside), seen);

        static string[] Split(TerminalDriver terminal)
        {
            terminal.WaitFor("one>");
            terminal.Press("C-b");
            terminal.Type("\"");
            terminal.WaitFor("two>");
            terminal.Line("echo in the second $((20 + 3))");
            string two = terminal.WaitForLine("in the second 23");
            Assert.Contains("────", two, StringComparison.Ordinal);
            terminal.Line("exit");
            terminal.WaitFor(screen => !screen.Contains("────", StringComparison.Ordinal), "one pane");
            terminal.Line("echo in the first $((20 + 4))");
            string one = terminal.WaitForLine("in the first 24");
            terminal.Line("exit");
            terminal.WaitForLine("left");
            Assert.Equal(0, terminal.WaitForEnd());

            // The prompt behind the last line may be there already or not.
            return [two[..two.LastIndexOf("23", StringComparison.Ordinal)], one[..one.LastIndexOf("24", StringComparison.Ordinal)]];
        }
    }
}
