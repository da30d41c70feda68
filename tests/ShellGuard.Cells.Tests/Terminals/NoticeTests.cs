using System.Text;
using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

public sealed class NoticeTests
{
    private static readonly WindowSize Size = new(80, 24);

    [Fact]
    public void On_a_fresh_line_a_notice_is_a_line() =>
        Assert.Equal("\e[0m\e[Kshellguard: hi\r\n", Paint("done\r\n"));

    [Fact]
    public void In_the_middle_of_a_prompt_the_prompt_comes_back_below() =>
        Assert.Equal("\r\e[0m\e[Kshellguard: hi\r\n\e[32m$\e[0m ls\b", Paint("x\r\n\e[32m$\e[0m ls\b"));

    [Fact]
    public void Colours_that_were_on_are_on_again() =>
        Assert.Equal("\e[0m\e[Kshellguard: hi\r\n\e[31m", Paint("\e[31mred\r\n"));

    [Fact]
    public void A_line_that_cannot_be_drawn_again_stays_where_it_is() =>
        Assert.Equal("\r\n\e[0m\e[Kshellguard: hi\r\n", Paint("\e[5;9Hhere\e[2A"));

    [Fact]
    public void A_full_screen_program_gets_the_last_row_cut_to_its_width()
    {
        var stream = new TerminalStream(filter: true);
        stream.Process("\e[?1049h"u8, new byte[512]);
        string text = Encoding.UTF8.GetString(NoticePainter.LastRow(new string('x', 300), stream, new WindowSize(40, 9)));
        Assert.StartsWith("\e7\e[?6l\e[9;1H", text, StringComparison.Ordinal);
        Assert.Equal(39 - "shellguard: ".Length, text.Count(letter => letter == 'x'));
        Assert.EndsWith("\e8", text, StringComparison.Ordinal);
    }

    [Fact]
    public void On_the_last_row_the_way_on_stays()
    {
        string notice = NoticeText.Denied(Samples.Access("/" + new string('x', 100)), 3);
        string text = Encoding.UTF8.GetString(NoticePainter.LastRow(notice, new TerminalStream(filter: true), Size));
        Assert.Contains("...", text, StringComparison.Ordinal);
        Assert.Contains("shellguard why 3\e[K", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_denial_names_program_object_rule_and_number()
    {
        string text = NoticeText.Denied(Samples.Access("/etc/\e[2Jshadow\u202e"), 3);
        Assert.Equal(
            @"denied: cat: read /etc/\x1b[2Jshadow\u{202e} (/home/u/policy.toml:12) - shellguard why 3", text);
    }

    [Fact]
    public void A_burst_is_shown_and_the_rest_is_summed_up_at_growing_intervals()
    {
        var limiter = new NoticeLimiter();
        TimeSpan now = TimeSpan.FromSeconds(100);
        int shown = 0;
        for (int index = 0; index < 100; index++)
        {
            shown += limiter.Admit(Operation.Read, $"/{index}", now) ? 1 : 0;
        }

        Assert.Equal(NoticeLimiter.Burst, shown);
        Assert.Null(limiter.Summary(now));
        Assert.Equal(now + TimeSpan.FromSeconds(1), limiter.SummaryDue);
        now += TimeSpan.FromSeconds(1);
        Assert.Equal("95 more denials: shellguard log --denied", limiter.Summary(now));
        Assert.Null(limiter.SummaryDue);

        // One second earned one line.
        Assert.True(limiter.Admit(Operation.Read, "/new", now));
        Assert.False(limiter.Admit(Operation.Read, "/newer", now));
        Assert.Equal(now + TimeSpan.FromSeconds(2), limiter.SummaryDue);
        Assert.Equal("1 more denial: shellguard log --denied", limiter.Summary(now + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void The_same_denial_is_shown_once_in_a_while()
    {
        var limiter = new NoticeLimiter();
        Assert.True(limiter.Admit(Operation.Read, "/a", TimeSpan.FromSeconds(1)));
        Assert.False(limiter.Admit(Operation.Read, "/a", TimeSpan.FromSeconds(20)));
        Assert.True(limiter.Admit(Operation.Write, "/a", TimeSpan.FromSeconds(20)));
        Assert.True(limiter.Admit(Operation.Read, "/a", TimeSpan.FromSeconds(32)));
    }

    [Fact]
    public void A_lane_nobody_empties_stays_bounded()
    {
        var lane = new OutputLane();
        for (int index = 0; index < 10_000; index++)
        {
            lane.Say($"line {index}");
        }

        int count = 0;
        string last = "";
        while (lane.TryTake(out string line))
        {
            last = line;
            count++;
        }

        Assert.InRange(count, 2, 100);
        Assert.EndsWith("more lines: shellguard log", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain/päth 漢", "plain/päth 漢")]
    [InlineData("a\nb\r\t\0\x7f\u009b", @"a\nb\r\t\x00\x7f\u{9b}")]
    [InlineData(@"back\slash", @"back\\slash")]
    [InlineData("\u200b\u2066\ufeff\u2028\u00a0\ue000", @"\u{200b}\u{2066}\u{feff}\u{2028}\u{a0}\u{e000}")]
    [InlineData("a\u0301\u0301\u0301\u0301", "a\u0301\u0301\\u{301}\\u{301}")]
    public void What_could_act_or_hide_is_shown_as_an_escape(string text, string expected) =>
        Assert.Equal(expected, DisplayText.Escape(text));

    [Fact]
    public void Bytes_that_are_no_utf8_are_shown_and_lengths_are_bounded()
    {
        Assert.Equal(@"a\xff\xfeé", DisplayText.Escape([(byte)'a', 0xff, 0xfe, 0xc3, 0xa9]));
        Assert.Equal(@"\u{d800}x", DisplayText.Escape("\ud800x"));
        string cut = DisplayText.Escape("start" + new string('x', 5_000_000) + "end", 40);
        Assert.True(cut.Length <= 40);
        Assert.StartsWith("start", cut, StringComparison.Ordinal);
        Assert.EndsWith("end", cut, StringComparison.Ordinal);
        Assert.True(DisplayText.Escape(new byte[100_000], 50).Length <= 50);
    }

    private static string Paint(string before)
    {
        var stream = new TerminalStream(filter: true);
        stream.Process(Encoding.UTF8.GetBytes(before), new byte[4096]);
        return Encoding.UTF8.GetString(NoticePainter.Line("hi", stream, Size, colour: false));
    }
}
