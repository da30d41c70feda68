using ShellGuard.Cells.Supervision;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Sessions;

/// <summary>Records every question and its answer, and makes "always" last: a narrow rule goes to the user's own
/// policy.</summary>
/// <param name="inner">Asks.</param>
/// <param name="record">Writes to the journal; false when it cannot.</param>
/// <param name="cell">The cell's name.</param>
/// <param name="rules">Where "always" is written.</param>
/// <param name="say">Tells the person.</param>
internal sealed class JournaledQuestions(
    IQuestions inner,
    Func<JournalEvent, bool> record,
    string cell,
    UserRules rules,
    Action<string> say) : IQuestions
{
    private long _questions;

    /// <inheritdoc/>
    public Answer Ask(Access access, out string by)
    {
        by = AnsweredBy.Journal;
        long number = Interlocked.Increment(ref _questions);
        bool recorded = record(
            new QuestionEvent(number, access.Operation, HostileText.Of(access.Target), access.Verdict.Reason)
            {
                Cell = cell,
                Chain = access.Chain,
                Rule = access.Verdict.Rule,
            });
        if (!recorded)
        {
            return Answer.Deny;
        }

        Answer answer = inner.Ask(access, out by);

        // The answer stands in the journal before anything follows from it.
        if (!record(new AnswerEvent(number, GivenAnswerOf(answer), by) { Cell = cell }))
        {
            by = AnsweredBy.Journal;
            return Answer.Deny;
        }

        if (answer == Answer.Always)
        {
            say(rules.TryAllow(access, out string? told) ? told : $"allowed for this session only: {told}");
        }

        return answer;
    }

    private static GivenAnswer GivenAnswerOf(Answer answer) => answer switch
    {
        Answer.Once => GivenAnswer.Once,
        Answer.Session => GivenAnswer.Session,
        Answer.Always => GivenAnswer.Always,
        _ => GivenAnswer.Deny,
    };
}
