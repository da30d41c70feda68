using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary><c>shellguard shell</c>, what is recorded of it, and how that is played.</summary>
public sealed class RecordingTests
{
    private const string Password = "hunter2hunter2";

    private const string Clipboard = "\u001b]52;c;cGFzdGVk\a";

    private const string Title = "\u001b]2;of the cell\a";

    [Theory, BothIdentities]
    public void The_recording_has_the_output_and_nothing_that_was_typed_unseen(Identity identity)
    {
        using TestArea area = new(identity);
        Drive(area);
        IReadOnlyList<Event> events = Events(area);
        Assert.DoesNotContain(events, item => item.Code == "i");
        Assert.DoesNotContain(Password, File.ReadAllText(Recording(area)), StringComparison.Ordinal);
        string output = Data(events, "o");
        Assert.Contains("length 14", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]52", output, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, area.Shellguard("log", "--json"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Input_is_recorded_where_that_is_asked_for(Identity identity)
    {
        using TestArea area = new(identity);
        Drive(area, "--record-input");
        Assert.Contains(Password + "\r", Data(Events(area), "i"), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, Data(Events(area), "o"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Asciinema_and_replay_play_it(Identity identity)
    {
        using TestArea area = new(identity);
        Drive(area);

        // asciinema wants a terminal to look for keys, even when its output goes elsewhere.
        area.Outside("/usr/bin/script", "-qec", $"asciinema cat {Recording(area)} > played", "/dev/null").Succeed();
        string played = File.ReadAllText($"{area.Work}/played");
        Assert.Equal(Data(Events(area), "o"), played);
        Assert.Contains(Title, played, StringComparison.Ordinal);

        string replayed = area.Shellguard("replay");
        foreach (string line in (string[])["length 14\r\n", "before 2\r\n", "after 4\r\n"])
        {
            Assert.Contains(line, played, StringComparison.Ordinal);
            Assert.Contains(line, replayed, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("\u001b]", replayed, StringComparison.Ordinal);
    }

    /// <summary>A session's own clipboard sequences never reach its recording; somebody may have written the file since.
    /// </summary>
    [Theory, BothIdentities]
    public void Replay_filters_what_would_act_on_the_viewers_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        Drive(area);
        string planted = JsonSerializer.Serialize(new object[] { 3600.0, "o", $"{Clipboard}planted{Title}\u001b[21t\r\n" });
        File.AppendAllText(Recording(area), planted + "\n");
        string replayed = area.Shellguard("replay");
        Assert.EndsWith("planted\r\n", replayed, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]", replayed, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[21t", replayed, StringComparison.Ordinal);

        // tmux may not read what a program wrote in its last moment.
        using TerminalDriver terminal = new(
            area, ["/bin/sh", "-c", "\"$0\" replay --speed 1000000; status=$?; sleep 1; exit $status", NativeBinary.Path]);
        terminal.WaitFor("planted");
        Assert.Equal(0, terminal.WaitForEnd());
        Assert.Equal("", terminal.Clipboard);
        Assert.NotEqual("of the cell", terminal.Title);
    }

    /// <summary>A thousandth of the speed makes the second that the shell slept longer than any test waits: what is
    /// shown was before the record, what is not came after it.</summary>
    [Theory, BothIdentities]
    public void Replay_begins_at_a_record_of_the_journal(Identity identity)
    {
        using TestArea area = new(identity);
        Drive(area);
        string sleep = area.Shellguard("log").Split('\n').Single(line => line.Contains("/usr/bin/sleep", StringComparison.Ordinal));
        string record = sleep.Split('#')[1].Split(' ')[0];
        using (TerminalDriver terminal = new(area, [NativeBinary.Path, "replay", "--at", record, "--speed", "0.001"]))
        {
            Assert.DoesNotContain("after 4", terminal.WaitFor("before 2"), StringComparison.Ordinal);
            terminal.Press("C-c");
            Assert.Equal(0, terminal.WaitForEnd());
        }

        string last = area.Shellguard("log").TrimEnd('\n').Split('\n')[^1].Split('#')[1].Split(' ')[0];
        Assert.Equal(area.Shellguard("replay"), area.Shellguard("replay", "--at", last, "--speed", "0.001"));
    }

    /// <summary>A person opens a shell, types a password where it is not echoed, and some commands.</summary>
    private static void Drive(TestArea area, params string[] flags)
    {
        using TerminalDriver terminal = new(area, [NativeBinary.Path, "shell", .. flags]);
        terminal.Line("PS1='in> '; clear");
        terminal.WaitFor(screen => screen.StartsWith("in>", StringComparison.Ordinal), "the prompt");
        terminal.Line("read -rsp 'Secret: ' secret; echo; echo length ${#secret}");
        terminal.WaitFor("\nSecret:");
        terminal.Line(Password);
        terminal.WaitForLine("length 14");
        terminal.Line(@"printf '\033]52;c;cGFzdGVk\a\033]2;of the cell\a'; echo before $((1 + 1))");
        terminal.WaitForLine("before 2");
        terminal.Line("/usr/bin/sleep 1; echo after $((2 + 2))");
        terminal.WaitForLine("after 4");
        terminal.Line("exit 3");
        Assert.Equal(3, terminal.WaitForEnd());
        Assert.Equal("", terminal.Clipboard);
    }

    private static string Recording(TestArea area) => SessionFiles.Recording(area.Sessions[^1]);

    private static IReadOnlyList<Event> Events(TestArea area) =>
    [
        .. File.ReadLines(Recording(area)).Skip(1).Select(line =>
        {
            using JsonDocument parsed = JsonDocument.Parse(line);
            return new Event(parsed.RootElement[1].GetString()!, parsed.RootElement[2].GetString()!);
        }),
    ];

    private static string Data(IReadOnlyList<Event> events, string code) =>
        string.Concat(events.Where(item => item.Code == code).Select(item => item.Data));

    /// <summary>A line of an asciicast: o for output, i for input.</summary>
    private sealed record Event(string Code, string Data);
}
