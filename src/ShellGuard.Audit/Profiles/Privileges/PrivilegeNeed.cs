using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Audit.Profiles.Privileges;

/// <summary>Successes that only root could have for one reason, and the ways to have them as somebody else.</summary>
/// <param name="Accesses">What was done; at least one.</param>
/// <param name="Why">Why an ordinary user cannot: one clause.</param>
/// <param name="Ways">The cheapest first; the last is to leave it out.</param>
public sealed record PrivilegeNeed(IReadOnlyList<GeneralAccess> Accesses, string Why, IReadOnlyList<PrivilegeWay> Ways)
{
    /// <summary>The one capability that is enough for it; null where none is needed or none is enough.</summary>
    public string? Capability { get; init; }

    /// <summary>The number of the group that is enough for it; null where none is.</summary>
    public uint? Group { get; init; }
}
