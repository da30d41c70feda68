using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision;

/// <summary>Asks the person at the terminal.</summary>
public interface IQuestions
{
    /// <summary>Waits for an answer. No terminal, a dead one, a full queue or a time-out is <see cref="Answer.Deny"/>.
    /// Callers are worker threads: the call may take as long as the policy's time-out.</summary>
    /// <param name="by">Of <see cref="AnsweredBy"/>.</param>
    Answer Ask(Access access, out string by);
}
