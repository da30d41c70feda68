using System.Text.RegularExpressions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

public sealed partial class QuestionTests
{
    private static readonly TimeSpan Opened = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Armed = Opened + QuestionDialog.Quiet;

    [Theory]
    [InlineData("o", Answer.Once)]
    [InlineData("s", Answer.Session)]
    [InlineData("a", Answer.Always)]
    [InlineData("d", Answer.Deny)]
    [InlineData("\x03", Answer.Deny)]
    public void A_single_key_after_the_quiet_time_answers(string key, Answer answer) =>
        Assert.Equal(answer, new QuestionDialog(Opened).Take([(byte)key[0]], Armed));

    [Fact]
    public void Who_goes_on_typing_does_not_answer()
    {
        var dialog = new QuestionDialog(Opened);
        TimeSpan now = Opened;
        foreach (byte letter in "sudo cat please do say a soon"u8)
        {
            now += TimeSpan.FromMilliseconds(150);
            Assert.Null(dialog.Take([letter], now));
        }

        Assert.False(dialog.IsArmed(now + TimeSpan.FromMilliseconds(599)));
        Assert.Equal(Answer.Once, dialog.Take("o"u8, now + QuestionDialog.Quiet));
    }

    [Theory]
    [InlineData("oo")]
    [InlineData("\r")]
    [InlineData("y")]
    [InlineData("\e[200~a\e[201~")]
    [InlineData("\eOa")]
    public void Pastes_function_keys_and_other_keys_do_not_answer_and_start_the_quiet_time_again(string typed)
    {
        var dialog = new QuestionDialog(Opened);
        Assert.Null(dialog.Take(System.Text.Encoding.UTF8.GetBytes(typed), Armed));
        Assert.False(dialog.IsArmed(Armed + TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void A_terminals_late_reply_does_not_answer_even_byte_by_byte()
    {
        var dialog = new QuestionDialog(Opened);
        foreach (byte part in "\eP1$ra;s;o\e\\"u8)
        {
            Assert.Null(dialog.Take([part], Armed));
        }
    }

    [Fact]
    public void A_time_out_denies()
    {
        var questions = new TerminalQuestions(TimeSpan.FromMilliseconds(80));
        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/a")));
        Assert.Null(questions.Current(out _));
    }

    [Fact]
    public async Task One_answer_serves_all_who_ask_the_same()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30), capacity: 1);
        Task<Answer>[] same = [.. Enumerable.Range(0, 5).Select(_ => Asking(questions, "/a"))];
        PendingQuestion question = await Shown(questions);
        await Task.Delay(100);
        questions.Resolve(question, Answer.Once);
        Assert.All(await Task.WhenAll(same), answer => Assert.Equal(Answer.Once, answer));
        Assert.Null(questions.Current(out _));
    }

    [Fact]
    public async Task A_full_queue_denies_at_once_and_a_closed_one_denies_all()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30), capacity: 2);
        Task<Answer>[] waiting = [Asking(questions, "/a"), Asking(questions, "/b")];
        while (questions.Current(out int behind) is null || behind < 1)
        {
            await Task.Delay(5);
        }

        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/c")));
        questions.Close();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(Answer.Deny, answer));
        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/d")));
    }

    [Fact]
    public async Task A_session_answer_is_remembered_for_that_operation_and_target_only()
    {
        var questions = new TerminalQuestions(TimeSpan.FromMilliseconds(500));
        Task<Answer> first = Asking(questions, "/a");
        questions.Resolve(await Shown(questions), Answer.Session);
        Assert.Equal(Answer.Session, await first);
        Assert.Equal(Answer.Session, questions.Ask(Samples.Access("/a")));
        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/a", Operation.Write)));
    }

    [Fact]
    public async Task A_denial_also_answers_the_immediate_second_try()
    {
        var questions = new TerminalQuestions(TimeSpan.FromSeconds(30));
        Task<Answer> first = Asking(questions, "/a");
        questions.Resolve(await Shown(questions), Answer.Deny);
        Assert.Equal(Answer.Deny, await first);
        Assert.Equal(Answer.Deny, questions.Ask(Samples.Access("/a")));
    }

    [Theory]
    [InlineData(80, 24, true)]
    [InlineData(40, 24, true)]
    [InlineData(40, 8, false)]
    [InlineData(20, 5, false)]
    [InlineData(10, 3, false)]
    [InlineData(1, 1, false)]
    [InlineData(0, 0, true)]
    public void Hostile_texts_cannot_leave_their_row(int columns, int rows, bool fits)
    {
        WindowSize size = new(columns, rows);
        string target = "evil.example\e]0;x\a\r\n[o] once" + new string('x', 200) + ":443/tcp";
        string text = QuestionScreen.Draw(Hostile(target), 59, armed: true, 3, size, colour: false);
        int width = columns == 0 ? 80 : columns;
        string[] drawn = Rows(text);
        Assert.Equal(rows == 0 ? 24 : rows, drawn.Length);
        foreach (string plain in drawn)
        {
            Assert.DoesNotContain(plain, char.IsControl);
            Assert.True(DisplayText.Width(plain) < width || plain.Length == 0, plain);
        }

        Assert.Equal(fits, QuestionScreen.ShowsTarget(Hostile(target), size));
        Assert.Equal(fits, drawn.Any(row => row.Contains("[o]nce", StringComparison.Ordinal) || row.Contains("[o] once, only", StringComparison.Ordinal)));
        Assert.Equal(fits, string.Concat(drawn.Select(row => row.Trim())).Contains(DisplayText.Escape(target, 1000).Replace(" ", "", StringComparison.Ordinal)[^150..], StringComparison.Ordinal));
        Assert.True(columns is > 0 and < 30 || text.Contains("[d]", StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData(80, 3, true)]
    [InlineData(80, 2, false)]
    [InlineData(30, 4, true)]
    [InlineData(30, 3, false)]
    public void What_is_asked_stands_there_whole_or_cannot_be_allowed(int columns, int rows, bool fits)
    {
        const string target = "deep.name.corp.example:443/tcp";
        WindowSize size = new(columns, rows);
        Assert.Equal(fits, QuestionScreen.ShowsTarget(Hostile(target), size));
        string shown = string.Concat(Rows(QuestionScreen.Draw(Hostile(target), 9, armed: true, 0, size, colour: false)).Select(row => row.Trim()));
        Assert.Equal(fits, shown.Contains(target, StringComparison.Ordinal));
        Assert.Equal(!fits, shown.Contains("too small", StringComparison.Ordinal));
    }

    private static Access Hostile(string target) => new(
        [new ProcessIdentity(1, 1, 0, "/tmp/\e[2J\nevil" + new string('漢', 300))],
        Operation.Connect,
        target,
        Verdict.Ask(new RuleSource("/p\u202e", 1, 1, new string('y', 5000)), "why\e[1A"));

    private static string[] Rows(string drawn) =>
    [
        .. Position().Split(drawn).Skip(1).Select(row => row.Replace("\e[7m", "", StringComparison.Ordinal)
            .Replace("\e[0m", "", StringComparison.Ordinal).Replace("\e[K", "", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Keys_are_offered_only_when_they_count()
    {
        WindowSize size = new(80, 24);
        string waiting = QuestionScreen.Draw(Samples.Access("/a"), 9, armed: false, 0, size, colour: false);
        string armed = QuestionScreen.Draw(Samples.Access("/a"), 9, armed: true, 0, size, colour: false);
        Assert.DoesNotContain("[o]", waiting, StringComparison.Ordinal);
        Assert.Contains("[o]", armed, StringComparison.Ordinal);
    }

    private static Task<Answer> Asking(TerminalQuestions questions, string target) =>
        Task.Factory.StartNew(
            () => questions.Ask(Samples.Access(target)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static async Task<PendingQuestion> Shown(TerminalQuestions questions)
    {
        while (true)
        {
            if (questions.Current(out _) is { } question)
            {
                return question;
            }

            await Task.Delay(5);
        }
    }

    [GeneratedRegex(@"\x1b\[\d+;1H", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Position();
}
