namespace ShellGuard.Core.Flow;

/// <summary>Tags that must not all meet: no node may have more than <see cref="AtMost"/> of them at once, as sources
/// that its data may come from or sinks that its data may get to.</summary>
/// <param name="Name">As the policy names it.</param>
/// <param name="AtMost">At least 0; <c>never_all</c> of n tags is n - 1.</param>
/// <param name="Members">The tags.</param>
/// <param name="Mode">For how long a sink counts.</param>
/// <param name="Exclusive">Whether the bound holds for all running cells together, too: the other side is frozen
/// meanwhile.</param>
/// <param name="Rule">Where the policy says so.</param>
public sealed record ConflictSet(
    string Name, int AtMost, TagSet Members, ConflictMode Mode, bool Exclusive, RuleSource Rule);
