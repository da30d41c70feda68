using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace ShellGuard.Core.Flow;

/// <summary>A place where bytes can be, at one moment. Immutable: a change makes another one.</summary>
public sealed record FlowNode(NodeId Id, NodeKind Kind, string Name, Clearance Clearance)
{
    /// <summary>Who asked for the cell; null for what nobody inside asked for.</summary>
    public NodeId? Parent { get; init; }

    /// <summary>Whether what goes in can come out. Not so for opaque services and people.</summary>
    public bool Conducts { get; init; } = true;

    /// <summary>H: the sources that any byte here may come from. Grows only.</summary>
    public TagSet History { get; init; }

    /// <summary>K: the sinks that it holds itself, now.</summary>
    public TagSet Held { get; init; }

    /// <summary>K*: the sinks that its bytes can get to over the edges that there are, now.</summary>
    public TagSet Reach { get; init; }

    /// <summary>Every sink that it, or an ancestor before it was made, could ever reach. Grows only.</summary>
    public TagSet Reached { get; init; }

    /// <summary>Whether the cell is stopped in favour of another.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether the cell is gone. Its private files may still be published.</summary>
    public bool Ended { get; init; }

    public ImmutableArray<FlowEdge> Out { get; init; } = [];

    public ImmutableArray<FlowEdge> In { get; init; } = [];

    /// <summary>Whether its label can grow no more.</summary>
    public bool Pinned => Clearance.Sources.IsSubsetOf(History);

    internal bool Running => Kind == NodeKind.Cell && !Frozen && !Ended;

    /// <summary>How each tag of <see cref="History"/> came.</summary>
    internal Arrival? Learned { get; init; }

    /// <summary>How each tag of <see cref="Reached"/> came within reach.</summary>
    internal Arrival? ReachedBy { get; init; }

    /// <summary>How each tag of <see cref="Held"/> came.</summary>
    internal Arrival? HeldBy { get; init; }

    /// <summary>The sinks that count against a conflict set of that mode, beside <see cref="History"/>.</summary>
    public TagSet Sinks(ConflictMode mode) => mode == ConflictMode.Wall ? Reached : Reach;

    /// <summary>By identity: two moments of a node are never the same.</summary>
    public bool Equals(FlowNode? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
