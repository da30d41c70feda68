using System.Collections.Immutable;

namespace ShellGuard.Core.Flow;

/// <summary>Reads paths out of the state that a refused operation would have led to.</summary>
internal static class PathFinder
{
    public static ImmutableArray<TagPath> PathsOf(FlowRefusal refusal) =>
        [.. refusal.Tags.Select(tag => PathOf(refusal, NodeOf(refusal, tag), tag))];

    /// <summary>How data of a source came to a node.</summary>
    public static TagPath? SourceOf(FlowState state, FlowNode node, Tag tag) => node.History.Contains(tag)
        ? new TagPath(tag, IsSink: false, FromSource(state, node, tag))
        : null;

    /// <summary>How data of a node gets to a sink, now.</summary>
    public static TagPath? SinkOf(FlowState state, FlowNode node, Tag tag) => node.Reach.Contains(tag)
        ? new TagPath(tag, IsSink: true, ToSink(state, node, tag))
        : null;

    /// <summary>Where the tag counts: at the node; among the running cells, at the one that has it.</summary>
    private static FlowNode NodeOf(FlowRefusal refusal, Tag tag)
    {
        FlowNode node = refusal.Attempt[refusal.Node];
        return refusal is { Reason: RefusalReason.Exclusive, Conflict: { } conflict } && !Has(node)
            ? refusal.Attempt.Nodes.First(other => other.Running && Has(other))
            : node;

        bool Has(FlowNode some) => (some.History | some.Sinks(conflict.Mode)).Contains(tag);
    }

    private static TagPath PathOf(FlowRefusal refusal, FlowNode node, Tag tag)
    {
        if (Arrival.Of(tag, node.Learned) is not null)
        {
            return new TagPath(tag, IsSink: false, FromSource(refusal.Attempt, node, tag));
        }

        return new TagPath(tag, IsSink: true, node.Reach.Contains(tag)
            ? ToSink(refusal.Attempt, node, tag)
            : ToPastSink(refusal.Attempt, node, tag));
    }

    /// <summary>Reads the first arrivals back to where the tag came from.</summary>
    private static ImmutableArray<PathStep> FromSource(FlowState state, FlowNode node, Tag tag)
    {
        List<PathStep> steps = [];
        while (Arrival.Of(tag, node.Learned) is { } arrival)
        {
            steps.Add(new PathStep(arrival.Kind, arrival.Other, node.Id, arrival.What, arrival.Step));
            if (arrival.Kind is ArrivalKind.Declared or ArrivalKind.Acquired)
            {
                break;
            }

            node = state[arrival.Other];
            tag = arrival.Kind == ArrivalKind.Gate ? Before(state, node, tag, arrival) : tag;
        }

        steps.Reverse();
        return [.. steps];
    }

    /// <summary>What a tag was on the other side of a gate: what this gate took off, unless the mark was there before.</summary>
    private static Tag Before(FlowState state, FlowNode node, Tag tag, Arrival gate)
    {
        Tag source = state.Policy.SourceOf(tag);
        bool madeHere = state.Policy.GateOf(tag)?.Name == gate.What
            && Arrival.Of(source, node.Learned) is { } arrival && arrival.Step < gate.Step;
        return madeHere ? source : tag;
    }

    /// <summary>The shortest way to a sink over the edges that there are.</summary>
    private static ImmutableArray<PathStep> ToSink(FlowState state, FlowNode start, Tag tag)
    {
        Dictionary<NodeId, FlowEdge> cameBy = [];
        Queue<FlowNode> pending = new([start]);
        while (pending.TryDequeue(out FlowNode? node))
        {
            if (Arrival.Of(tag, node.HeldBy) is { } arrival)
            {
                PathStep end = new(arrival.Kind, node.Id, node.Id, arrival.What, arrival.Step);
                return [.. WayTo(state, start, node, cameBy), end];
            }

            foreach (FlowEdge edge in node.Conducts || node.Id == start.Id ? node.Out : [])
            {
                if (edge.To != start.Id && cameBy.TryAdd(edge.To, edge))
                {
                    pending.Enqueue(state[edge.To]);
                }
            }
        }

        throw new InvalidOperationException("a sink is within reach, and no way leads to it");
    }

    private static Stack<PathStep> WayTo(
        FlowState state, FlowNode start, FlowNode end, Dictionary<NodeId, FlowEdge> cameBy)
    {
        Stack<PathStep> steps = [];
        for (NodeId at = end.Id; at != start.Id; at = cameBy[at].From)
        {
            ArrivalKind kind = cameBy[at].Number < 0 ? ArrivalKind.Published : ArrivalKind.Edge;
            steps.Push(new PathStep(kind, cameBy[at].From, at, "", state.Step));
        }

        return steps;
    }

    /// <summary>Behind a wall: how the sink was first within reach, be it gone since.</summary>
    private static ImmutableArray<PathStep> ToPastSink(FlowState state, FlowNode node, Tag tag)
    {
        List<PathStep> steps = [];
        while (Arrival.Of(tag, node.ReachedBy) is { } arrival)
        {
            steps.Add(new PathStep(arrival.Kind, node.Id, arrival.Other, arrival.What, arrival.Step));
            if (arrival.Kind is ArrivalKind.Declared or ArrivalKind.Acquired)
            {
                return [.. steps];
            }

            node = state[arrival.Other];
        }

        throw new InvalidOperationException("a sink was within reach, and nothing tells how");
    }
}
