using System.Collections.Immutable;

namespace ShellGuard.Core.Flow;

/// <summary>A refusal with the paths of everything that would have met. Made only when somebody asks.</summary>
/// <param name="Paths">One for each of <see cref="FlowRefusal.Tags"/>; none where the asker may not know them.</param>
public sealed record FlowExplanation(FlowRefusal Refusal, ImmutableArray<TagPath> Paths)
{
    /// <summary>The whole explanation: for the person and for the journal.</summary>
    public static FlowExplanation Of(FlowRefusal refusal) => new(refusal, PathFinder.PathsOf(refusal));

    /// <summary>What somebody who knows only these sources may be told: everything, if the paths touch only nodes that
    /// know no more than that; else the name of the conflict set and nothing else.</summary>
    public FlowExplanation For(TagSet known) =>
        Paths.All(path => path.Steps.All(step => Knows(step.From, known) && Knows(step.To, known)))
            ? this
            : this with
            {
                Refusal = Refusal with { Node = default, Tags = TagSet.Empty, Attempt = FlowState.Empty(Refusal.Attempt.Policy) },
                Paths = [],
            };

    private bool Knows(NodeId node, TagSet known) => Refusal.Attempt[node].History.IsSubsetOf(known);
}
