namespace ShellGuard.Cells.Sessions;

/// <summary>What a session leaves to decide.</summary>
/// <param name="Count">How many changes; null where they are too many to have been counted in time.</param>
/// <param name="First">The first of them as lines for people, each after its host directory's.</param>
/// <param name="Hidden">Paths of the host that the policy hides, and at which the session wrote something of its own,
/// which stays in it.</param>
/// <param name="Problems">What could not be looked at or removed, one line each.</param>
public sealed record SessionSummary(
    int? Count, IReadOnlyList<string> First, IReadOnlyList<string> Hidden, IReadOnlyList<string> Problems);
