using System.Globalization;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>A person at a terminal: a tmux server of its own, run by the identity under test, with one window. Types
/// keys and reads the screen as a person would see it.</summary>
internal sealed class TerminalDriver : IDisposable
{
    private readonly TestArea _area;
    private readonly string _socket;

    /// <param name="command">Runs in the window; its end leaves the screen readable.</param>
    public TerminalDriver(TestArea area, IReadOnlyList<string> command, int columns = 80, int rows = 24)
    {
        _area = area;
        _socket = $"{area.Root}/tmux-{Guid.NewGuid():N}"[..^20];
        area.Own();
        Tmux(
        [
            "-f", "/dev/null", "start-server", ";", "set", "-g", "remain-on-exit", "on", ";",
            "set", "-g", "status", "off", ";", "set", "-s", "set-clipboard", "on", ";", "set", "-g", "default-terminal", "screen-256color", ";",
            "new-session", "-d", "-s", "t", "-x", columns.ToString(CultureInfo.InvariantCulture),
            "-y", rows.ToString(CultureInfo.InvariantCulture), "-c", area.Work, "--", .. command,
        ]).Succeed();
    }

    /// <summary>A terminal with a guarded command in it.</summary>
    public static TerminalDriver Guarded(TestArea area, IReadOnlyList<string> flags, params string[] command) =>
        new(area, TestArea.GuardedWordsHere(flags, command));

    public static TerminalDriver Guarded(
        TestArea area, IReadOnlyList<string> flags, int columns, params string[] command) =>
        new(area, TestArea.GuardedWordsHere(flags, command), columns);

    /// <summary>What is on the screen without the row that is ShellGuard's, and without trailing blanks.</summary>
    public string Screen => WithLabel is var whole && LabelIn(whole) is null ? whole : whole[..(whole.LastIndexOf('\n') + 1)].TrimEnd();

    /// <summary>What the last row says of who has the terminal, or null where it says nothing.</summary>
    public string? Label => LabelIn(WithLabel);

    private string WithLabel => Tmux(["capture-pane", "-p", "-t", "t"]).Output.TrimEnd();

    private static string? LabelIn(string screen)
    {
        const string begin = " shellguard: ";
        string last = screen[(screen.LastIndexOf('\n') + 1)..];
        return last.StartsWith(begin, StringComparison.Ordinal) ? last[begin.Length..].TrimEnd() : null;
    }

    /// <summary>The window's title.</summary>
    public string Title => Tmux(["display-message", "-p", "-t", "t", "#{pane_title}"]).Output.TrimEnd('\n');

    /// <summary>What programs put into the clipboard.</summary>
    public string Clipboard => Tmux(["list-buffers", "-F", "#{buffer_sample}"]).Output;

    /// <summary>The exit status of the window's command, or null while it runs.</summary>
    public int? Status
    {
        get
        {
            string[] words = Tmux(
                ["display-message", "-p", "-t", "t", "#{pane_dead} #{pane_dead_status} #{pane_dead_signal} #{pid}"])
                .Output.TrimEnd('\n').Split(' ');
            if (words[0] != "1")
            {
                return null;
            }

            if (words[1].Length > 0 || words[2].Length > 0)
            {
                return words[1].Length > 0
                    ? int.Parse(words[1], CultureInfo.InvariantCulture)
                    : 128 + int.Parse(words[2], CultureInfo.InvariantCulture);
            }

            // The terminal is closed and the process not waited for. When a terminal closes, Debian's tmux lets
            // libutempter run a helper, which has SIGCHLD ignored meanwhile: the end of the command can be lost in it.
            Programs.Run(Programs.Start([.. _area.Account.Prefix, "/bin/kill", "-CHLD", words[3]], "/"), null);
            return null;
        }
    }

    /// <summary>The process number of the window's command.</summary>
    public int Process => int.Parse(
        Tmux(["display-message", "-p", "-t", "t", "#{pane_pid}"]).Output, CultureInfo.InvariantCulture);

    /// <summary>The terminal's attributes, as stty(1) prints them.</summary>
    public string Attributes => Programs.Run(
        "stty", "-a", "-F", Tmux(["display-message", "-p", "-t", "t", "#{pane_tty}"]).Output.TrimEnd()).Output;

    /// <summary>Types text as it is.</summary>
    public void Type(string text) => Tmux(["send-keys", "-t", "t", "-l", "--", text]).Succeed();

    /// <summary>Presses keys by their tmux names: Enter, C-c, Tab, Escape, Down.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", "-t", "t", .. keys]).Succeed();

    /// <summary>Types a line and presses Enter.</summary>
    public void Line(string text)
    {
        Type(text);
        Press("Enter");
    }

    public void Resize(int columns, int rows) => Tmux(
        ["resize-window", "-t", "t", "-x", columns.ToString(CultureInfo.InvariantCulture),
            "-y", rows.ToString(CultureInfo.InvariantCulture)]).Succeed();

    /// <summary>Waits until the screen satisfies a condition.</summary>
    public string WaitFor(Func<string, bool> condition, string what, TimeSpan? patience = null)
    {
        string screen = "";
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + (patience ?? TimeSpan.FromSeconds(30));
        while (true)
        {
            screen = Screen;
            if (condition(screen))
            {
                return screen;
            }

            if (TimeProvider.System.GetUtcNow() > end)
            {
                Assert.Fail($"the screen never showed {what}; it shows\n{screen}");
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>Waits until the screen contains a text.</summary>
    public string WaitFor(string text) => WaitFor(screen => screen.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Waits for a line that is exactly this text: not the line in which it was typed.</summary>
    public string WaitForLine(string text) =>
        WaitFor(screen => screen.Split('\n').Any(line => line.TrimEnd() == text), $"the line {text}");

    /// <summary>Waits for the end of the window's command.</summary>
    public int WaitForEnd()
    {
        int? status = null;
        Programs.WaitUntil(() => (status = Status) is not null, () => $"the end of the command; the screen shows\n{Screen}");
        return status!.Value;
    }

    /// <summary>Closes the window, as a terminal emulator does: its processes are hung up.</summary>
    public void Close() => Tmux(["kill-session", "-t", "t"]).Succeed();

    public void Dispose() => Tmux(["kill-server"]);

    private Outcome Tmux(IReadOnlyList<string> words)
    {
        Dictionary<string, string> environment = _area.Environment;
        environment["TERM"] = "xterm-256color";
        return Programs.Run(
            Programs.Start([.. _area.Account.Prefix, "/usr/bin/tmux", "-S", _socket, .. words], _area.Work, environment),
            null);
    }
}
