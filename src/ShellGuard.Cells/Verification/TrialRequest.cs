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

    /// <summary>Groups that it has beside the user's own.</summary>
    public IReadOnlyList<uint> Groups { get; init; } = [];

    /// <summary>Capabilities that it has although the user has none, by number: ambient ones, which programs hand on.
    /// For root only.</summary>
    public IReadOnlyList<int> Capabilities { get; init; } = [];

    /// <summary>Entries that the user gets in the copy; none without one.</summary>
    public IReadOnlyList<AccessEntry> Entries { get; init; } = [];

    /// <summary>Storage where it runs in a copy of the host, and what it writes there stays; null where what it changes
    /// is changed. For root only.</summary>
    public TrialState? Copy { get; init; }
}
