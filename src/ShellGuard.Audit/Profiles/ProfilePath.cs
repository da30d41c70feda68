using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Audit.Profiles;

/// <summary>A path that the command needs.</summary>
/// <param name="Path">Literal; of a pattern the part before the first wildcard's directory.</param>
/// <param name="Pattern">The pattern in the language of <see cref="Policy.Model.Glob"/>; null for a name.</param>
/// <param name="Rights">What for.</param>
/// <param name="Evidence">The accesses that say so.</param>
public sealed record ProfilePath(
    string Path, string? Pattern, PathRights Rights, IReadOnlyList<GeneralAccess> Evidence)
{
    /// <summary>The default policy hides it: a key, a password, a history.</summary>
    public bool IsCredential { get; init; }

    /// <summary>On this host it is a directory.</summary>
    public bool IsDirectory { get; init; }

    public bool Changes => (Rights & PathRights.AnyChange) != PathRights.None;

    /// <summary>The name or pattern.</summary>
    public string Shown => Pattern ?? Path;
}
