using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>A policy with everything it extends and every flag of the command line folded in; what the planner
/// reads.</summary>
/// <param name="Name">The preset's name or the file's path.</param>
/// <param name="Paths">Later rules win over earlier ones of the same path; a longer path wins over a shorter one.</param>
/// <param name="Network">Decides about endpoints.</param>
/// <param name="Environment">Decides about environment variables.</param>
/// <param name="Limits">Limits of the session.</param>
public sealed record EffectivePolicy(
    string Name,
    IReadOnlyList<PathRule> Paths,
    INetworkRules Network,
    EnvironmentRules Environment,
    Limits Limits)
{
    /// <summary>How the session asks and records.</summary>
    public SessionRules Session { get; init; } = SessionRules.BuiltIn;

    /// <summary>What must not meet, and the cells on either side; null where the policy says nothing of walls.</summary>
    public WallRules? Walls { get; init; }

    /// <summary>Every preset and file that went into it, the base first; the command line is not among them.</summary>
    public IReadOnlyList<string> Chain { get; init; } = [];
}
