using ShellGuard.Cells.Supervision;
using ShellGuard.Core;

namespace ShellGuard.Cells.Terminals;

/// <summary>Where nobody can be asked, everything is denied.</summary>
public sealed class NoTerminalQuestions : IQuestions
{
    /// <summary>The reason that belongs into the verdict.</summary>
    public const string Reason = "the rule says ask, and there is no terminal to ask on";

    /// <inheritdoc/>
    public Answer Ask(Access access, out string by)
    {
        by = "no terminal";
        return Answer.Deny;
    }
}
