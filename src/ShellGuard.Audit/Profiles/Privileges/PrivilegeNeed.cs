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

    /// <summary>The file whose access control list could have an entry; null where none is enough.</summary>
    public string? ListedPath { get; init; }

    /// <summary>What the entry would give: 4 to read, 2 to write, 1 to execute or pass through.</summary>
    public uint ListedRights { get; init; }

    /// <summary>Root has it without any capability: the file is root's own.</summary>
    public bool IsOwners { get; init; }
}
