using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>A loaded policy, or everything that is wrong with it.</summary>
public sealed class PolicyResult
{
    internal PolicyResult(
        EffectivePolicy? policy,
        PolicyContext context,
        IReadOnlyList<Diagnostic> diagnostics,
        IReadOnlyDictionary<string, string> sources,
        IReadOnlyList<PolicyLayer> layers)
    {
        Policy = policy;
        Context = context;
        Diagnostics = diagnostics;
        Sources = sources;
        Layers = layers;
    }

    /// <summary>Null when <see cref="Diagnostics"/> holds an error: half a policy is never used.</summary>
    public EffectivePolicy? Policy { get; }

    public PolicyContext Context { get; }

    /// <summary>In the order of the sources and of their lines.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The text of every source by its name, for <see cref="DiagnosticRenderer"/>.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>What each source said, the base first; overridden rules included.</summary>
    internal IReadOnlyList<PolicyLayer> Layers { get; }
}
