namespace ShellGuard.Core.Flow;

/// <summary>The only way from a source to a sink of one conflict set. What passed keeps a mark instead of the tag, and
/// the mark counts as the tag against every sink but those of <see cref="To"/>.</summary>
/// <param name="Name">As the policy names it.</param>
/// <param name="Kind">Filter or approval.</param>
/// <param name="From">The sources that it takes off; every other tag stays on.</param>
/// <param name="To">The sinks for which it takes them off.</param>
/// <param name="Capacity">The most bits that it may be filled with at once.</param>
/// <param name="Rule">Where the policy says so.</param>
public sealed record Gate(string Name, GateKind Kind, TagSet From, TagSet To, long Capacity, RuleSource Rule);
