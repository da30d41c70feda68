using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A person sees whose output it is, and no cell says so.</summary>
public sealed class LabelTerminalTests
{
    private const string Policy = LobbyTerminalTests.Policy;

    /// <summary>What a side writes draws and does nothing else; the title says who has the terminal, and only we set it.
    /// </summary>
    [Theory, BothIdentities]
    public void A_side_only_draws_and_the_title_tells_who_does(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("hostile.sh", """
            printf '\033]52;c;aGlqYWNrZWQ=\007\033]2;shellguard: lobby\007\033k forged\033\\\033]0;forged\033\\'
            printf '\033P$q"p\033\\\033[5i\033[21t\033[?1000h\033[?2004h\033[23;0t'
            for query in '\033[6n' '\033[c' '\033[>c' '\033[5n' '\033Z' '\005' '\033[18t' '\033]11;?\033\\'; do
                printf "$query"
                IFS= read -r -s -n 1 -t 0.3 answer && echo "answered $query"
            done
            printf '\033[31mred\033[0m and quiet\n'
            sleep 3
            """);
        using TerminalDriver terminal = Lobby(area);
        Assert.Equal("shellguard: lobby", terminal.Title);
        terminal.Line("printf '\\033]2;shellguard: side\\007\\033]0;forged\\007'; echo tried");
        terminal.WaitForLine("tried");
        Assert.Equal("shellguard: lobby", terminal.Title);
        terminal.Line("clear; shellguard run --in side -- bash hostile.sh");
        string screen = terminal.WaitForLine("red and quiet");
        Assert.Equal("shellguard: side, knows secret", terminal.Title);
        Assert.DoesNotContain("answered", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("hijacked", terminal.Clipboard, StringComparison.Ordinal);
        terminal.WaitFor(_ => terminal.Title == "shellguard: lobby", "the lobby's title");

        terminal.Line("clear; seq 1 300 > lines; vim -u NONE -N lines");
        terminal.WaitFor(text => text.StartsWith("1\n2\n3\n", StringComparison.Ordinal), "vim");
        terminal.Press("Down", "Down", "x", "G");
        terminal.WaitFor("\n300");
        terminal.Type(":wq");
        terminal.Press("Enter");
        Thread.Sleep(500);
        terminal.Line("clear; grep -c . lines; sed -n 3p lines | tac | tac");
        terminal.WaitForLine("299");
        terminal.WaitFor(text => text.EndsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>Setting the clipboard is a grant of a cell; nobody is told what is there, and no cell goes on with what another
    /// began.</summary>
    [Theory, BothIdentities]
    public void Only_a_cell_that_is_granted_the_clipboard_sets_it(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("copy.sh", """
            printf '\033]52;c;%s\033\\' "$(printf '%s' "$1" | base64 -w 0)"
            printf '\033]52;c;?\033\\'
            IFS= read -r -s -n 1 -t 0.3 answer && echo "answered"
            echo "done with $1"
            """);
        string policy = Policy.Replace(
            "commands = [\"tac\"", """
                clipboard = true
                commands = ["tac"
                """, StringComparison.Ordinal);
        Assert.Contains(
            "clipboard = true in [cell.side] breaks a conflict set by itself",
            area.Inside(["--policy", area.Write("walls.toml", policy)], "/bin/true").EndWith(125).Errors, StringComparison.Ordinal);

        string named = policy.Replace("[tags]", "[tags]\n\"desk\" = \"the person's own desk\"", StringComparison.Ordinal);
        using TerminalDriver terminal = Lobby(area, named + """


            [[resource]]
            name = "paper"
            clipboard = true
            sink = ["desk"]
            """);
        terminal.Line("clear; bash copy.sh of-the-lobby");
        terminal.WaitForLine("done with of-the-lobby");
        Assert.DoesNotContain("of-the-lobby", terminal.Clipboard, StringComparison.Ordinal);
        terminal.Line("clear; printf '\\033]52;c;Zm9y'; shellguard run --in side -- bash copy.sh of-the-side");
        string screen = terminal.WaitForLine("done with of-the-side");
        Assert.Contains("of-the-side", terminal.Clipboard, StringComparison.Ordinal);
        Assert.DoesNotContain("answered", screen, StringComparison.Ordinal);
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>The last row is nobody's but ours: no cell draws there, and full-screen programs, other sizes of the window and
    /// stops of the whole session leave it in place.</summary>
    [Theory, BothIdentities]
    public void The_last_row_says_who_has_the_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("hostile.sh", """
            printf '\033[24;1Hforged\033[9999;1Hforged\033[24dforged\033[r\033[99B\033[99E\033[1;24r\033[23;24r'
            printf '\033[1;5r\033[23;1H'; seq 1000 1040; printf '\033[r\033[?6h\033[24;1Hforged\033[?6l'
            printf '\033[?1049h\033[24;1Hforged\033[?1049l\033[?69h\033#8\033c\033[!p\033[J\033[2J\033[?3h\n\n\033D\033E\033[Hdrawn\n'
            """);
        using TerminalDriver terminal = new(area, ["/bin/bash", "--norc", "--noprofile", "-i"]);
        terminal.WaitFor(screen => screen.EndsWith('$') || screen.EndsWith('#'), "the prompt of the shell outside");
        string title = terminal.Title;
        string policy = area.Write("walls.toml", Policy);
        area.Own();
        terminal.Line(string.Join(' ', TestArea.GuardedWordsHere(["--policy", policy], "/bin/bash", "--norc", "--noprofile", "-i")));
        terminal.WaitFor(_ => terminal.Label == "lobby", "the label");
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        Assert.Equal("lobby", terminal.Label);

        terminal.Line("bash hostile.sh; tput cup 5 0");
        terminal.WaitFor("drawn");
        Assert.Equal("lobby", terminal.Label);
        terminal.Line("clear; shellguard run --in side -- bash -c 'bash hostile.sh; sleep 1'");
        terminal.WaitFor("drawn");
        Assert.Equal("side, knows secret", terminal.Label);
        terminal.WaitFor(screen => terminal.Label == "lobby" && screen.EndsWith("in>", StringComparison.Ordinal), "the lobby's label");

        terminal.Line("clear; seq 1 500 > lines; vim -u NONE -N lines");
        terminal.WaitFor(screen => screen.StartsWith("1\n2\n3\n", StringComparison.Ordinal), "vim");
        terminal.Press("G");
        terminal.WaitFor("\n500");
        Assert.Equal("side, knows secret", terminal.Label);
        terminal.Resize(70, 18);
        terminal.WaitFor(screen => screen.StartsWith("485\n", StringComparison.Ordinal) && terminal.Label == "side, knows secret", "the smaller window");
        terminal.Resize(90, 30);
        terminal.WaitFor(screen => screen.StartsWith("473\n", StringComparison.Ordinal) && terminal.Label == "side, knows secret", "the larger window");
        terminal.Type(":q!");
        terminal.Press("Enter");
        terminal.WaitFor(screen => terminal.Label == "lobby" && screen.EndsWith("in>", StringComparison.Ordinal), "the prompt");

        terminal.Line("clear; suspend");
        terminal.WaitFor(screen => screen.Contains("Stopped", StringComparison.Ordinal) && terminal.Label is null, "the shell outside");
        Assert.Equal(title, terminal.Title);
        terminal.Line("clear; seq 1 60; fg");
        terminal.WaitFor(_ => terminal.Label == "lobby" && terminal.Title == "shellguard: lobby", "the label again");
        terminal.Press("Enter");
        terminal.Line("clear; seq 1 60");
        terminal.WaitFor(screen => screen.EndsWith("60\nin>", StringComparison.Ordinal), "all lines");
        Assert.Equal("lobby", terminal.Label);
        terminal.Line("exit");
        terminal.WaitFor(_ => terminal.Label is null && terminal.Title == title, "what was there before");
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>The command line names the cell: it is labelled from its first byte, and passes the same list.</summary>
    [Theory, BothIdentities]
    public void A_session_on_one_side_says_so(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        area.Own();
        using TerminalDriver terminal = new(
            area, TestArea.GuardedWordsHere(["--policy", policy, "--in", "side"], "/bin/bash", "--norc", "--noprofile", "-i"));
        terminal.WaitFor(_ => terminal.Label == "side, knows secret" && terminal.Title == "shellguard: side, knows secret", "the label");
        terminal.Line("PS1='in> '; clear; printf '\\033]2;forged\\007\\033]52;c;Zm9y\\007\\033[c\\033[24;1Hforged\\033[H\\033[31mred\\n'");
        terminal.WaitForLine("red");
        Assert.Equal("side, knows secret", terminal.Label);
        Assert.Equal("shellguard: side, knows secret", terminal.Title);
        Assert.DoesNotContain("for", terminal.Clipboard, StringComparison.Ordinal);
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    /// <summary>A console has no title, and a terminal that moves no cursor is told by a line.</summary>
    [Theory, BothIdentities]
    public void Terminals_that_can_less_are_told_too(Identity identity)
    {
        using TestArea area = new(identity);
        using (TerminalDriver console = LobbyOf(area, "linux"))
        {
            console.WaitFor(_ => console.Label == "lobby", "the label");
            Assert.DoesNotContain("shellguard", console.Title, StringComparison.Ordinal);
            console.Line("clear; shellguard run --in side -- sleep 2");
            console.WaitFor(_ => console.Label == "side, knows secret", "the side's label");
            console.WaitFor(_ => console.Label == "lobby", "the lobby's label");
            console.Line("exit");
            console.WaitForEnd();
        }

        using TerminalDriver terminal = LobbyOf(area, "dumb");
        terminal.WaitForLine("shellguard: lobby");
        terminal.Line("PS1='in> '; printf '\\033[H\\033[J'");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("shellguard run --in side -- printf 'of the side'");
        terminal.WaitFor(screen => screen.Contains("shellguard: lobby\nin>", StringComparison.Ordinal), "the lobby's line");
        Assert.Contains("\nshellguard: side, knows secret\nof the side\nshellguard: lobby\nin>", terminal.Screen, StringComparison.Ordinal);
        terminal.Line("exit");
        terminal.WaitForEnd();
    }

    private static TerminalDriver LobbyOf(TestArea area, string term)
    {
        string policy = area.Write("walls.toml", Policy);
        area.Own();
        return new TerminalDriver(area,
        [
            "/usr/bin/env", $"TERM={term}",
            .. TestArea.GuardedWordsHere(["--policy", policy], "/bin/bash", "--norc", "--noprofile", "-i"),
        ]);
    }

    private static TerminalDriver Lobby(TestArea area, string text = Policy) => LobbyTerminalTests.Lobby(area, text);
}
