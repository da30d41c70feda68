using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Evaluation;

/// <summary>A loaded policy, or everything that is wrong with it.</summary>
public sealed class PolicyResult
{
    internal PolicyResult(
        EffectivePolicy? policy,
        EffectivePolicy? understood,
        PolicyContext context,
        IReadOnlyList<Diagnostic> diagnostics,
        IReadOnlyDictionary<string, string> sources,
        IReadOnlyList<PolicyLayer> layers)
    {
        Policy = policy;
        Understood = understood;
        Context = context;
        Diagnostics = diagnostics;
        Sources = sources;
        Layers = layers;
    }

    /// <summary>Null when <see cref="Diagnostics"/> holds an error: half a policy is never used.</summary>
    public EffectivePolicy? Policy { get; }

    /// <summary>The rules, without walls, that could be read in spite of errors, to look for dangers in them; null where a
    /// source is missing, whose rules may have held them.</summary>
    internal EffectivePolicy? Understood { get; }

    public PolicyContext Context { get; }

    /// <summary>In the order of the sources and of their lines.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The text of every source by its name, for <see cref="DiagnosticRenderer"/>.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>What each source said, the base first; overridden rules included.</summary>
    internal IReadOnlyList<PolicyLayer> Layers { get; }
}
