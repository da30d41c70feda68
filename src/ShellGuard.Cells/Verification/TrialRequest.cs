using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Verification;

/// <summary>A command that is run once to see how it ends and what it says.</summary>
/// <param name="Program">The file that is executed.</param>
/// <param name="Arguments">With the program's name first.</param>
/// <param name="Environment">As <c>NAME=VALUE</c>.</param>
public sealed record TrialRequest(string Program, IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment)
{
    /// <summary>Whom it runs as; null for the caller.</summary>
    public Account? User { get; init; }
}
