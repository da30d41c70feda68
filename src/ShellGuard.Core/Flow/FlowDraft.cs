using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ShellGuard.Core.Flow;

/// <summary>A state in the making: an operation is carried out here with all its consequences, then
/// <see cref="Check"/> says whether the result may be. If not, it is thrown away.</summary>
internal sealed partial class FlowDraft
{
    private readonly FlowState _start;
    private readonly FlowPolicy _policy;
    private readonly Queue<Step> _pending = [];

    // Nodes whose label grew. Only they can break what held before.
    private readonly List<int> _learned = [];
    private readonly List<int> _reaching = [];
    private FlowNode[] _nodes;
    private (NodeId Node, TagSet Tags)? _uncleared;

    public FlowDraft(FlowState start)
    {
        _start = start;
        _policy = start.Policy;
        _nodes = [.. start.Nodes];
        Budgets = start.Budgets;
        NextEdge = start.NextEdge;
    }

    public ImmutableArray<long> Budgets { get; set; }

    public int NextEdge { get; set; }

    public FlowNode this[NodeId node] => _nodes[node.Value];

    public void Add(FlowNode node) => _nodes = [.. _nodes, node];

    public void Change(FlowNode node) => _nodes[node.Id.Value] = node;

    /// <summary>Sources arrive at a node, and with it at everything that it reaches. First come is nearest, so that
    /// the arrivals tell the shortest path.</summary>
    public void Learn(NodeId node, TagSet sources, ArrivalKind kind, NodeId from, string what)
    {
        bool runOn = _policy.Has(FlowRule.SourcesRunOn);
        _pending.Enqueue(new Step(node, sources, kind, from, what));
        while (_pending.TryDequeue(out Step step))
        {
            FlowNode at = this[step.Node];
            TagSet fresh = step.Tags.Except(at.History);
            if (fresh.IsEmpty)
            {
                continue;
            }

            bool takes = at.Conducts || step.Kind == ArrivalKind.Declared;
            TagSet uncleared = fresh.Except(at.Clearance.Sources).Except(_policy.Marks);
            if (!uncleared.IsEmpty && _policy.Has(FlowRule.SourceClearance))
            {
                _uncleared ??= (at.Id, uncleared);
            }
            else if (!takes)
            {
                continue;
            }

            Change(at with
            {
                History = takes ? at.History | fresh : at.History,
                Learned = new Arrival(fresh, step.Kind, step.Other, step.What, _start.Step + 1, at.Learned),
            });
            if (!takes)
            {
                continue;
            }

            _learned.Add(at.Id.Value);
            foreach (FlowEdge edge in runOn ? at.Out : [])
            {
                _pending.Enqueue(new Step(edge.To, fresh, ArrivalKind.Edge, at.Id, ""));
            }
        }
    }

    /// <summary>Sinks come within reach of a node, and so of everything that reaches it.</summary>
    public void Reach(NodeId node, TagSet sinks, ArrivalKind kind, NodeId through, string what)
    {
        bool runBack = _policy.Has(FlowRule.SinksRunBack);
        _pending.Enqueue(new Step(node, sinks, kind, through, what));
        while (_pending.TryDequeue(out Step step))
        {
            FlowNode at = this[step.Node];
            TagSet fresh = step.Tags.Except(at.Reach);
            if (fresh.IsEmpty || !(at.Conducts || step.Kind == ArrivalKind.Declared))
            {
                continue;
            }

            Change(Remember(at with { Reach = at.Reach | fresh }, step with { Tags = fresh }));
            foreach (FlowEdge edge in runBack ? at.In : [])
            {
                _pending.Enqueue(new Step(edge.From, fresh, ArrivalKind.Edge, at.Id, ""));
            }
        }
    }

    /// <summary>What the parent could ever reach is on the child's record.</summary>
    public void Inherit(NodeId child, FlowNode parent) =>
        Change(Remember(this[child], new Step(child, parent.Reached, ArrivalKind.Spawned, parent.Id, "")));

    /// <summary>A node has sinks of its own.</summary>
    public void Hold(NodeId node, TagSet sinks, ArrivalKind kind, string resource)
    {
        FlowNode at = this[node];
        TagSet fresh = sinks.Except(at.Held);
        TagSet uncleared = sinks.Except(at.Clearance.Sinks);
        if (!uncleared.IsEmpty && _policy.Has(FlowRule.SinkClearance))
        {
            _uncleared ??= (node, uncleared);
        }

        Change(at with
        {
            Held = at.Held | fresh,
            HeldBy = fresh.IsEmpty ? at.HeldBy : new Arrival(fresh, kind, node, resource, _start.Step + 1, at.HeldBy),
        });
        Reach(node, sinks, kind, node, resource);
    }

    public void Drop(NodeId cell, TagSet sinks)
    {
        FlowNode at = this[cell];
        Change(at with { Held = at.Held.Except(sinks), HeldBy = Arrival.Without(sinks, at.HeldBy) });
        Forget(cell);
    }

    /// <summary>Bytes can go along the edge from now on.</summary>
    public void Connect(FlowEdge edge, ArrivalKind kind)
    {
        Change(this[edge.From] with { Out = this[edge.From].Out.Add(edge) });
        Change(this[edge.To] with { In = this[edge.To].In.Add(edge) });
        Learn(edge.To, this[edge.From].History, kind, edge.From, "");
        Reach(edge.From, this[edge.To].Reach, kind, edge.To, "");
    }

    /// <summary>Nothing goes along the edge any more. What went over it stays known.</summary>
    public void Disconnect(FlowEdge edge)
    {
        Change(this[edge.From] with { Out = this[edge.From].Out.Remove(edge) });
        Change(this[edge.To] with { In = this[edge.To].In.Remove(edge) });
        if (_policy.Has(FlowRule.RemovalFreesSinks))
        {
            Forget(edge.From);
        }
    }

    public FlowState ToState() => new(
        _policy, ImmutableCollectionsMarshal.AsImmutableArray(_nodes), Budgets, NextEdge, _start.Step + 1);

    private FlowNode Remember(FlowNode node, Step step)
    {
        _reaching.Add(node.Id.Value);
        TagSet fresh = step.Tags.Except(node.Reached);
        return fresh.IsEmpty ? node : node with
        {
            Reached = node.Reached | fresh,
            ReachedBy = new Arrival(fresh, step.Kind, step.Other, step.What, _start.Step + 1, node.ReachedBy),
        };
    }

    /// <summary>Sinks may be out of reach now, for this node and for all that reach it: find out anew what each of
    /// them still reaches. Additions are common and removals are not, so only they pay for this.</summary>
    private void Forget(NodeId node)
    {
        List<NodeId> doubtful = [node];
        HashSet<NodeId> seen = [node];
        for (int i = 0; i < doubtful.Count; i++)
        {
            FlowNode at = this[doubtful[i]];
            Change(at with { Reach = at.Held });
            foreach (FlowEdge edge in at.In)
            {
                if (this[edge.From].Conducts && seen.Add(edge.From))
                {
                    doubtful.Add(edge.From);
                }
            }
        }

        foreach (NodeId at in doubtful)
        {
            foreach (FlowEdge edge in this[at].Out)
            {
                Reach(at, this[edge.To].Reach, ArrivalKind.Edge, edge.To, "");
            }
        }
    }

    private readonly record struct Step(NodeId Node, TagSet Tags, ArrivalKind Kind, NodeId Other, string What);
}
