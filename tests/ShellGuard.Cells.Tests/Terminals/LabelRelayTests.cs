using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Terminals;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>The label's row in a whole relay, on a screen of 40 columns and 12 rows.</summary>
public sealed class LabelRelayTests
{
    private const int Columns = 40;
    private const int Rows = 12;
    private const string Row = " shellguard: lobby";

    [Fact]
    public async Task The_program_has_one_row_less_and_the_row_comes_back_with_what_erases_it()
    {
        using RelayRig rig = Rig(new RelayOptions { Label = "lobby" });
        Terminal.GetSize(rig.Program, out WindowSize size).OrThrow();
        Assert.Equal(new WindowSize(Columns, Rows - 1), size);
        ScreenModel screen = new(Columns, Rows);
        rig.Print("first\e[2J\e[Hsecond\e[12;1Hthird done");
        screen.Write(WithoutTitle(rig.See("third done") + Rest(rig)));
        Assert.Equal("second", screen.Line(0));
        Assert.Equal("third done", screen.Line(Rows - 2));
        Assert.Equal(Row, screen.Line(Rows - 1));

        rig.Relay.CellEnded();
        await rig.Relay.Completion;
        screen.Write(WithoutTitle(Rest(rig)));
        Assert.Equal("", screen.Line(Rows - 1));
        Assert.Equal("third done", screen.Line(Rows - 2));
    }

    [Fact]
    public async Task A_question_takes_the_whole_screen_and_gives_the_row_back()
    {
        TerminalQuestions questions = new(TimeSpan.FromSeconds(30));
        using RelayRig rig = Rig(new RelayOptions { Label = "lobby", Questions = questions });
        ScreenModel screen = new(Columns, Rows);
        rig.Print("before\r\n\e[2;4r\e[3;1Hmiddle");
        screen.Write(WithoutTitle(rig.See("middle")));
        Task<Answer> asked = Task.Run(() => questions.Ask(Samples.Access("/a")), TestContext.Current.CancellationToken);
        screen.Write(rig.See("shellguard asks"));
        Assert.DoesNotContain("shellguard: lobby", screen.Line(Rows - 1), StringComparison.Ordinal);
        screen.Write(rig.See("[d]"));
        await Task.Delay(QuestionDialog.Quiet + TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        rig.Type("d");
        Assert.Equal(Answer.Deny, await asked);
        screen.Write(Rest(rig));
        Assert.Equal("middle", screen.Line(2));
        Assert.Equal(Row, screen.Line(Rows - 1));

        // The region of before is in force again.
        rig.Print("\e[4;1H1\r\n2\r\n3\r\n4\e[r\e[12;1Hlast");
        screen.Write(rig.See("last"));
        Assert.Equal(["2", "3", "4"], screen.Lines(4)[1..]);
        Assert.Equal("last", screen.Line(Rows - 2));
        Assert.Equal(Row, screen.Line(Rows - 1));
    }

    [Fact]
    public void A_notice_over_a_full_screen_program_is_above_the_row()
    {
        OutputLane lane = new();
        using RelayRig rig = Rig(new RelayOptions { Label = "lobby", Notices = lane });
        ScreenModel screen = new(Columns, Rows);
        rig.Print("\e[?1049h\e[2J\e[Hfull screen");
        screen.Write(WithoutTitle(rig.See("full screen")));
        lane.Say("a notice");
        screen.Write(rig.See("a notice") + Rest(rig));
        Assert.Equal("shellguard: a notice", screen.Line(Rows - 2));
        Assert.Equal(Row, screen.Line(Rows - 1));
    }

    /// <summary>Between the lines of a region a notice would push them out of it.</summary>
    [Fact]
    public void A_notice_in_a_small_region_keeps_it_and_the_row()
    {
        OutputLane lane = new();
        using RelayRig rig = Rig(new RelayOptions { Label = "lobby", Notices = lane });
        ScreenModel screen = new(Columns, Rows);
        rig.Print("\e[2J\e[1;3r\e[11;1Hbelow the region");
        screen.Write(WithoutTitle(rig.See("below the region")));
        lane.Say("a notice");
        screen.Write(rig.See("a notice") + Rest(rig));
        Assert.Equal(Row, screen.Line(Rows - 1));
        Assert.Contains("shellguard: a notice", screen.Lines(Rows - 1));
        rig.Print("\e[3;1Hx\ny\nz done");
        screen.Write(rig.See("done"));
        Assert.Equal(Row, screen.Line(Rows - 1));
    }

    [Fact]
    public void What_has_a_label_itself_only_draws()
    {
        using RelayRig rig = Rig(new RelayOptions { Label = "side", OnlyDraws = true });
        rig.Print("\e]8;;https://example.org\e\\link\e]8;;\e\\\e[c\e]0;forged\a\e[?1000h\e[31mred");
        string seen = rig.See("red");
        Assert.EndsWith("link\e[31mred", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("example", seen, StringComparison.Ordinal);
    }

    private static RelayRig Rig(RelayOptions options) => new(() => options, size: new WindowSize(Columns, Rows));

    private static string Rest(RelayRig rig)
    {
        string seen = rig.SeeFor(300);
        return seen.Length == 0 ? "" : rig.See(seen);
    }

    private static string WithoutTitle(string seen) =>
        seen.Replace("\e]2;shellguard: lobby\e\\", "", StringComparison.Ordinal)
            .Replace("\e[22;0t", "", StringComparison.Ordinal).Replace("\e[23;0t", "", StringComparison.Ordinal);
}
