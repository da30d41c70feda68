using ShellGuard.Core;
using ShellGuard.Leash.Holes;

namespace ShellGuard.Leash.Configuration;

/// <summary>One named pipeline.</summary>
/// <param name="Name">What has to be typed, byte by byte.</param>
/// <param name="CommandLine">The pipeline as it was written.</param>
/// <param name="Stages">Its programs; never empty.</param>
/// <param name="Environment">Variables in their order; of two with the same name the later one holds.</param>
/// <param name="Integrity">SHA-256 of each stage's file in lower-case hex; empty where nothing is checked.</param>
/// <param name="Source">Where it stands in the configuration.</param>
public sealed record LeashEntry(
    string Name,
    string CommandLine,
    IReadOnlyList<LeashStage> Stages,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    IReadOnlyList<string> Integrity,
    RuleSource Source)
{
    /// <summary>The name's holes; null for a name that is compared as a whole.</summary>
    public HolePattern? Pattern { get; init; }

    /// <summary>Paths that the person chose by a hole; each has to be root's alone.</summary>
    public IReadOnlyList<string> ChosenPaths { get; init; } = [];

    /// <summary>Where it runs; the root, so that no file of a directory that the user chose takes part.</summary>
    public string WorkingDirectory { get; init; } = "/";

    public StandardInput Input { get; init; }

    public PipeFail PipeFail { get; init; }

    /// <summary>After which time it is ended; null for the configuration's own.</summary>
    public TimeSpan? Timeout { get; init; }

    public RateLimit? Rate { get; init; }

    public EntryLimits Limits { get; init; } = EntryLimits.None;

    /// <summary>Its programs may start no other program.</summary>
    public bool NoExec { get; init; }

    /// <summary>Its programs can make no socket.</summary>
    public bool NoNet { get; init; }

    /// <summary>Its programs cannot change files.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>No program gains rights by setuid or file capabilities. Follows from the three above.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Whether it runs in a cell of the configuration's policy.</summary>
    public bool InCell { get; init; }

    /// <summary>The user that it runs as, where the leash is root's; null for the leash's own.</summary>
    public string? User { get; init; }

    /// <summary>Whether the shared libraries of its programs are checked as well.</summary>
    public bool ChecksLibraries { get; init; }

    /// <summary>The cell of a policy with walls that it runs in; null for a policy without.</summary>
    public string? Cell { get; init; }

    /// <summary>Whether every stage's file is checked before it runs.</summary>
    public bool IsChecked => Integrity.Count > 0;

    /// <summary>Whether a restriction needs PR_SET_NO_NEW_PRIVS, prctl(2).</summary>
    public bool GivesUpPrivileges => NoNewPrivileges || NoExec || NoNet || ReadOnly;
}
