using System.Collections.Immutable;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>Who can reach whom, and what they know, at one moment of a session. Immutable, so that a decision can be
/// written down before it is taken for the truth, and readers need no lock.</summary>
public sealed class FlowState
{
    internal FlowState(
        FlowPolicy policy, ImmutableArray<FlowNode> nodes, ImmutableArray<long> budgets, int nextEdge, long step)
    {
        Policy = policy;
        Nodes = nodes;
        Budgets = budgets;
        NextEdge = nextEdge;
        Step = step;
    }

    public FlowPolicy Policy { get; }

    /// <summary>Every node there ever was, by its number.</summary>
    public ImmutableArray<FlowNode> Nodes { get; }

    /// <summary>The bits that each gate has left, by its index in the policy.</summary>
    public ImmutableArray<long> Budgets { get; }

    /// <summary>The number that the next node must have.</summary>
    public NodeId NextNode => new(Nodes.Length);

    /// <summary>The number that the next edge must have.</summary>
    public int NextEdge { get; }

    /// <summary>How many operations led here.</summary>
    public long Step { get; }

    public FlowNode this[NodeId node] => Nodes[node.Value];

    /// <summary>A session in which nothing happened yet. No gate lets anything out before it is filled.</summary>
    public static FlowState Empty(FlowPolicy policy) =>
        new(policy, [], [.. new long[policy.Gates.Length]], 0, 0);

    /// <summary>The state after these operations, or the first refusal: a journal that does not replay gives no
    /// state.</summary>
    public static FlowDecision Replay(FlowPolicy policy, IEnumerable<FlowOperation> operations)
    {
        FlowDecision decision = new(Empty(policy), null);
        foreach (FlowOperation operation in operations)
        {
            decision = decision.State.Apply(operation);
            if (!decision.Allowed)
            {
                break;
            }
        }

        return decision;
    }

    /// <summary>Decides on an operation. This state stays as it is.</summary>
    public FlowDecision Apply(FlowOperation operation) => FlowJudge.Decide(this, operation);

    /// <summary>How data of this source came to a node; null if there is none of it.</summary>
    public TagPath? PathFromSource(NodeId node, Tag tag) => PathFinder.SourceOf(this, this[node], tag);

    /// <summary>How data of a node gets to this sink over the edges that there are; null if it does not.</summary>
    public TagPath? PathToSink(NodeId node, Tag tag) => PathFinder.SinkOf(this, this[node], tag);

    /// <summary>The node of this number; null where there is none.</summary>
    public FlowNode? Find(NodeId node) =>
        (uint)node.Value < (uint)Nodes.Length ? Nodes[node.Value] : null;
}
