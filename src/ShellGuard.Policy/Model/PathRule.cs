using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>One rule about a path.</summary>
/// <param name="Path">Absolute and normalised (<c>~</c> and relative paths are already resolved, no trailing
/// slash); a glob when <paramref name="IsGlob"/>.</param>
/// <param name="Mode">What the cell may do.</param>
/// <param name="IsGlob">Whether <paramref name="Path"/> has <c>*</c>, <c>?</c> or <c>[…]</c>; only hidden paths may.</param>
/// <param name="Source">Where it was written.</param>
public sealed record PathRule(string Path, PathMode Mode, bool IsGlob, RuleSource Source)
{
    /// <summary>Whether a policy file says <c>.</c>, the working directory, wherever the session starts: not a wish for
    /// the path that this happens to be. A flag is one.</summary>
    public bool IsWorkingDirectory { get; init; }
}
