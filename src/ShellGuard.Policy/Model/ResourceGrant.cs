using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>A resource that a cell's own rules hand over to it, at least in part.</summary>
/// <param name="Sends">Whether the cell can send or write to it; it can always read.</param>
/// <param name="Rule">The rule of the cell that does.</param>
public sealed record ResourceGrant(TaggedResource Resource, bool Sends, RuleSource Rule);
