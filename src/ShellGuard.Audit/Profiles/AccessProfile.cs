using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Profiles;

/// <summary>What a command needs by what was seen of it: the middle between audits and every kind of policy. Probes
/// never stand in it.</summary>
/// <param name="Command">The arguments of the first process, as they were; empty where they were not seen.</param>
/// <param name="Program">What the first process ran.</param>
/// <param name="Paths">In the order of names.</param>
/// <param name="Connects">Endpoints that it talks to.</param>
/// <param name="Listens">Endpoints that it listens at.</param>
/// <param name="Privileges">What only root could have, with the ways to have it otherwise.</param>
/// <param name="Others">Granted accesses of other kinds: signals, identities, special calls.</param>
/// <param name="Denied">What the kernel refused.</param>
/// <param name="Failed">What failed for another reason.</param>
/// <param name="Probes">How many names were looked for and not there.</param>
/// <param name="Runs">How many runs there were.</param>
public sealed record AccessProfile(
    ArgumentVector Command,
    string Program,
    IReadOnlyList<ProfilePath> Paths,
    IReadOnlyList<ProfileEndpoint> Connects,
    IReadOnlyList<ProfileEndpoint> Listens,
    IReadOnlyList<PrivilegeNeed> Privileges,
    IReadOnlyList<GeneralAccess> Others,
    IReadOnlyList<GeneralAccess> Denied,
    IReadOnlyList<GeneralAccess> Failed,
    int Probes,
    int Runs)
{
    /// <summary>The audit that it comes from.</summary>
    public required ImportResult Result { get; init; }

    /// <summary>What of the generalisation to say in the output.</summary>
    public required Generalised Source { get; init; }

    /// <summary>The paths are a container's, and what is said about owners, modes and packages is said of this host's
    /// files of the same names.</summary>
    public bool IsJudgedByHost { get; init; }

    /// <summary>What to say then.</summary>
    public const string JudgedByHost = "the paths are a container's, and owners, modes, packages and what only root could do "
        + "are judged by this host's files of the same names; name the container's root directory with --root DIR";

    /// <summary>What running the command without each capability showed, by capability; empty where nobody tried.</summary>
    public IReadOnlyDictionary<string, string> Proofs { get; init; } = new Dictionary<string, string>();

    /// <summary>What a run with groups instead of capabilities showed; null where nobody tried.</summary>
    public string? GroupProof { get; init; }

    /// <summary>What a run with entries in access control lists instead of capabilities showed; null where nobody tried.
    /// </summary>
    public string? ListProof { get; init; }

    /// <summary>Capabilities that an ordinary user needs for some access, in the order of names.</summary>
    public IEnumerable<string> Capabilities => Named(Privileges);

    /// <summary>Those that root needs when it has no other: a container's root owns its files.</summary>
    public IEnumerable<string> RootCapabilities => Named(Privileges.Where(need => !need.IsOwners));

    private static IEnumerable<string> Named(IEnumerable<PrivilegeNeed> needs) =>
        needs.Select(need => need.Capability).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
