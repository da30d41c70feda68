using ShellGuard.Cells.Pipelines;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Sessions;

/// <summary>What a person asked for.</summary>
/// <param name="Policy">The policy, with the flags of the command line folded in.</param>
/// <param name="PolicyDigest">Computes the SHA-256 of the policy's text in lower-case hex, for the journal.</param>
/// <param name="Command">What to run: a name to be found in PATH, or a path, with its arguments.</param>
/// <param name="User">Whose session it is.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
/// <param name="Environment">The caller's environment, from which the policy picks.</param>
/// <param name="StorageRoot">Where sessions are kept.</param>
/// <param name="Version">ShellGuard's version, for the journal.</param>
public sealed record SessionRequest(
    EffectivePolicy Policy,
    Func<string> PolicyDigest,
    IReadOnlyList<string> Command,
    SessionUser User,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    string StorageRoot,
    string Version)
{
    /// <summary>Files of a pipeline that are executed instead of <see cref="Command"/>, which then only names it; null for a
    /// command that is found in the cell.</summary>
    public IReadOnlyList<PipelineStage>? Pipeline { get; init; }

    /// <summary>Whether the user accepts that a guarantee does not hold where the host lacks what holds it.</summary>
    public bool AllowDegraded { get; init; }

    /// <summary>The cell of the policy to run in; null for the lobby where the policy has walls, and for the one cell where
    /// it has none.</summary>
    public string? Cell { get; init; }

    /// <summary>Says a line to a person before the cell exists and after its end; null where there is nobody.</summary>
    public Action<string>? Tell { get; init; }
}
