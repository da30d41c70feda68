using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision;

/// <summary>Asks the person at the terminal.</summary>
public interface IQuestions
{
    /// <summary>Waits for an answer. No terminal, a dead one, a full queue or a time-out is <see cref="Answer.Deny"/>.
    /// Callers are worker threads: the call may take as long as the policy's time-out.</summary>
    /// <param name="by">Who answered: <c>person</c>, or why nobody did, such as <c>time-out</c>.</param>
    Answer Ask(Access access, out string by);
}

/// <summary>For those to whom only the answer matters.</summary>
public static class QuestionsExtensions
{
    /// <inheritdoc cref="IQuestions.Ask"/>
    public static Answer Ask(this IQuestions questions, Access access) => questions.Ask(access, out _);
}
