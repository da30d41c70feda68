using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>A question that waits for its answer, and everyone who waits for it.</summary>
internal sealed class PendingQuestion(Access access, TimeSpan deadline)
{
    private readonly TaskCompletionSource<(Answer, string)> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Access Access { get; } = access;

    /// <summary>On the clock of <see cref="TerminalQuestions"/>.</summary>
    internal TimeSpan Deadline { get; } = deadline;

    internal Task<(Answer Answer, string By)> Answered => _answer.Task;

    /// <returns>False where it has an answer already.</returns>
    internal bool TryAnswer(Answer answer, string by) => _answer.TrySetResult((answer, by));
}
