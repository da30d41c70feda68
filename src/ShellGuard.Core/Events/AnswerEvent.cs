namespace ShellGuard.Core.Events;

/// <summary>A question was answered, by a person or by their absence.</summary>
/// <param name="Question">The <see cref="QuestionEvent"/>'s number.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="Source">Who answered: <c>person</c>, or why nobody did (<c>time-out</c>, <c>no terminal</c>, <c>terminal lost</c>,
/// <c>too many questions</c>).</param>
public sealed record AnswerEvent(long Question, GivenAnswer Answer, string Source) : JournalEvent(EventKind.Answer);
