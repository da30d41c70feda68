using System.Collections.Immutable;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Whether data of a cell can get to a sink, or data of a source to it, as far as the policy goes.</summary>
/// <param name="Asked">What was asked about: a sink or a source.</param>
/// <param name="Yes">Whether there is a way without a gate.</param>
/// <param name="State">The session that the answer was found in.</param>
public sealed record WallAnswer(CellRule Cell, Tag Asked, bool IsSink, bool Yes, FlowState State)
{
    /// <summary>The way; null without one.</summary>
    public TagPath? Path { get; init; }

    /// <summary>The cell that the way goes through; null where the asked one has it by itself.</summary>
    public CellRule? Through { get; init; }

    /// <summary>Sources that the cell can get instead, and then this no more.</summary>
    public TagSet Instead { get; init; }

    /// <summary>What would have to be done and is refused; null where nothing is in the way but that nobody is granted it.
    /// </summary>
    public FlowOperation? Refused { get; init; }

    /// <summary>Why it is refused.</summary>
    public FlowRefusal? Refusal { get; init; }

    /// <summary>Gates through which some of it gets out.</summary>
    public ImmutableArray<WayOn> WaysOn { get; init; } = [];

    /// <summary>Other cells that can.</summary>
    public IReadOnlyList<CellRule> Others { get; init; } = [];

    /// <summary>Where the cell can send to and no resource says what that is. Empty when a source was asked about.</summary>
    public IReadOnlyList<NetworkRule> Untagged { get; init; } = [];

    /// <summary>Resources that have the tag on the side that was asked about.</summary>
    public IReadOnlyList<TaggedResource> Resources { get; init; } = [];
}
