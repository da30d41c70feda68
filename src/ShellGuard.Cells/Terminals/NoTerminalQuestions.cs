using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Where nobody can be asked, everything is denied.</summary>
public sealed class NoTerminalQuestions : IQuestions
{
    /// <inheritdoc/>
    public Answer Ask(Access access, out string by)
    {
        by = AnsweredBy.NoTerminal;
        return Answer.Deny;
    }
}
