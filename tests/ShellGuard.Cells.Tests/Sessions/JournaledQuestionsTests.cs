using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using Xunit;

namespace ShellGuard.Cells.Tests.Sessions;

public sealed class JournaledQuestionsTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("shellguard-questions-").FullName;
    private readonly List<JournalEvent> _events = [];
    private readonly List<string> _said = [];

    private static Access Asked { get; } = new(
        [new ProcessIdentity(5, 1, 1, "/usr/bin/curl")], Operation.Connect, "a.example:443/tcp",
        Verdict.Ask(new RuleSource("/p.toml", 4, 8, "ask = [\"*:443\"]"), "*:443 is asked about"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private JournaledQuestions Make(IQuestions inner, Func<JournalEvent, bool>? record = null) => new(
        inner,
        record ?? (what =>
        {
            _events.Add(what);
            return true;
        }),
        "main", new UserRules(_home), _said.Add);

    [Fact]
    public void EveryQuestionAndItsAnswerStandInTheJournal()
    {
        JournaledQuestions questions = Make(new Fixed(Answer.Once));
        Assert.Equal(Answer.Once, questions.Ask(Asked));
        Assert.Equal(Answer.Once, questions.Ask(Asked));
        Assert.Equal([1, 2], _events.OfType<QuestionEvent>().Select(question => question.Question));
        Assert.Equal([1, 2], _events.OfType<AnswerEvent>().Select(answer => answer.Question));
        Assert.All(_events, what => Assert.Equal("main", what.Cell));
        Assert.Equal("/p.toml:4", _events[0].Rule?.Position);
        Assert.Equal(GivenAnswer.Once, Assert.IsType<AnswerEvent>(_events[1]).Answer);
        Assert.False(Directory.Exists($"{_home}/.config"));
    }

    [Fact]
    public void WithoutATerminalTheAnswerSaysSo()
    {
        Assert.Equal(Answer.Deny, Make(new NoTerminalQuestions()).Ask(Asked));
        Assert.Equal("no terminal", Assert.IsType<AnswerEvent>(_events[^1]).Source);
    }

    [Fact]
    public void WhatNobodyAnsweredNobodyDid()
    {
        TerminalQuestions silent = new(TimeSpan.FromMilliseconds(20));
        Assert.Equal(Answer.Deny, Make(silent).Ask(Asked));
        Assert.Equal("time-out", Assert.IsType<AnswerEvent>(_events[^1]).Source);

        // The next address of the same name at once.
        Assert.Equal(Answer.Deny, Make(silent).Ask(Asked));
        Assert.Equal("time-out", Assert.IsType<AnswerEvent>(_events[^1]).Source);

        silent.Close();
        Assert.Equal(Answer.Deny, Make(silent).Ask(Asked));
        Assert.Equal("terminal lost", Assert.IsType<AnswerEvent>(_events[^1]).Source);
    }

    [Fact]
    public void AlwaysIsWrittenToTheUsersPolicyAfterTheJournal()
    {
        string policy = new UserRules(_home).PolicyFile;
        JournaledQuestions questions = Make(new Fixed(Answer.Always), record: what =>
        {
            Assert.False(File.Exists(policy));
            _events.Add(what);
            return true;
        });
        Assert.Equal(Answer.Always, questions.Ask(Asked));
        Assert.Contains("allow = [\"a.example:443\"]", File.ReadAllText(policy), StringComparison.Ordinal);
        Assert.Contains(policy, Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeRecordedIsNeitherAskedNorAllowed()
    {
        Fixed inner = new(Answer.Always);
        Assert.Equal(Answer.Deny, Make(inner, record: _ => false).Ask(Asked));
        Assert.Equal(0, inner.Times);
        Assert.Equal(Answer.Deny, Make(inner, record: what => what is QuestionEvent).Ask(Asked));
        Assert.Equal(1, inner.Times);
        Assert.False(Directory.Exists($"{_home}/.config"));
    }

    [Fact]
    public void WhatCannotBeWrittenIsSaidAndHoldsForTheSession()
    {
        File.WriteAllText($"{_home}/.config", "in the way");
        Assert.Equal(Answer.Always, Make(new Fixed(Answer.Always)).Ask(Asked));
        Assert.Contains("for this session only", Assert.Single(_said), StringComparison.Ordinal);
    }

    private sealed class Fixed(Answer answer) : IQuestions
    {
        public int Times { get; private set; }

        public Answer Ask(Access access, out string by)
        {
            by = "person";
            Times++;
            return answer;
        }
    }
}
