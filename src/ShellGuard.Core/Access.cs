using ShellGuard.Core.Events;

namespace ShellGuard.Core;

/// <summary>Who did what to which object with what outcome. Supervisor, tracers and importers produce these;
/// journal, reports and profiles consume them.</summary>
/// <param name="Chain">The process and its ancestors, the actor first.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Target">The object: a path, absolute unless <see cref="IsUnresolved"/>; <c>host:port/tcp</c>; or what
/// <see cref="ObjectKind"/> says. A byte that is no UTF-8 is a lone surrogate from U+DC80 to U+DCFF.</param>
/// <param name="Judgement">What was decided, or null where nobody was asked because the access was only seen.</param>
public sealed record Access(
    IReadOnlyList<ProcessIdentity> Chain, Operation Operation, string Target, Verdict? Judgement)
{
    /// <summary>What was decided.</summary>
    /// <exception cref="InvalidOperationException">Nobody was asked: <see cref="Judgement"/> is null.</exception>
    public Verdict Verdict => Judgement ?? throw new InvalidOperationException("nobody decided about this access");

    /// <summary>What <see cref="Target"/> names; <see cref="ObjectKind.Unknown"/> where the producer does not say.
    /// </summary>
    public ObjectKind Kind { get; init; }

    /// <summary>How it went; unknown where the access was judged before it happened.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>Where links led: the path of the object itself, where the producer saw it and it is not the target.
    /// </summary>
    public string? Resolved { get; init; }

    /// <summary>The second path of a rename or a link; null for everything else.</summary>
    public string? Destination { get; init; }

    /// <summary>The arguments of what was executed; empty for everything else.</summary>
    public ArgumentVector Arguments { get; init; } = ArgumentVector.Empty;

    /// <summary>The target is relative to a directory that the producer did not know.</summary>
    public bool IsUnresolved { get; init; }
}
