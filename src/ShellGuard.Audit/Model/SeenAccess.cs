using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>A distinct access with its evidence.</summary>
/// <param name="Access">Who did what to what; the process is the first one that did.</param>
/// <param name="Count">How often it was seen.</param>
/// <param name="Origin">Where it was seen first.</param>
public sealed record SeenAccess(Access Access, long Count, Origin Origin)
{
    /// <summary>In which runs it was seen: places in the list of runs, ascending. Empty where there is one run only.
    /// </summary>
    public IReadOnlyList<int> Runs { get; init; } = [];
}
