using System.Collections.Immutable;
using System.Globalization;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>What all drawings of a state show, in a fixed order, with names that are safe to print.</summary>
internal sealed class FlowGraph
{
    private const int LongestName = 60;

    private readonly FlowState _state;
    private readonly Func<FlowNode, string?>? _nameOf;
    private readonly Dictionary<NodeId, int> _places = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly List<GraphEdge> _edges = [];
    private readonly List<string> _refusals = [];

    private FlowGraph(FlowState state, Func<FlowNode, string?>? nameOf)
    {
        _state = state;
        _nameOf = nameOf;
    }

    public IReadOnlyList<GraphNode> Nodes => _nodes;

    public IReadOnlyList<GraphEdge> Edges => _edges;

    /// <summary>A line for each refusal.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

    public static FlowGraph Of(
        FlowState state, ImmutableArray<RefusedOperation> refused, Func<FlowNode, string?>? nameOf, bool withEnded)
    {
        FlowGraph graph = new(state, nameOf);
        foreach (FlowNode node in state.Nodes.Where(node => withEnded || !node.Ended))
        {
            graph.Add(node);
        }

        foreach (FlowNode node in state.Nodes)
        {
            graph.AddEdges(node);
            graph.AddPassages(node);
        }

        foreach (RefusedOperation one in refused)
        {
            graph.Add(one);
        }

        return graph;
    }

    public static string Safe(string name) => SafeText.Shorten(name, LongestName);

    private void Add(FlowNode node)
    {
        string name = _nameOf?.Invoke(node) ?? node.Name;
        List<string> lines = [];
        AddLine(lines, "has", node.History);
        AddLine(lines, "holds", node.Held);
        AddLine(lines, "reaches", node.Reach.Except(node.Held));
        _places.Add(node.Id, _nodes.Count);
        _nodes.Add(new GraphNode(
            string.Create(CultureInfo.InvariantCulture, $"n{node.Id.Value}"),
            name.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Word(node.Kind)} {node.Id.Value}") : Safe(name),
            KindOf(node), node.Kind, lines, !node.History.IsEmpty, !node.Reach.IsEmpty, node.Frozen || node.Ended));
    }

    private void AddLine(List<string> lines, string word, TagSet tags)
    {
        if (!tags.IsEmpty)
        {
            lines.Add($"{word} {SafeText.Message(_state.Policy.NamesOf(tags))}");
        }
    }

    /// <summary>Two edges that go both ways between the same nodes are one arrow; from the service where data comes from it,
    /// to the service otherwise.</summary>
    private void AddEdges(FlowNode node)
    {
        HashSet<NodeId> seen = [];
        foreach (FlowEdge edge in node.Out)
        {
            NodeId to = edge.To;
            if (!seen.Add(to))
            {
                continue;
            }

            bool both = _state[to].Out.Any(back => back.To == node.Id);
            if (!both || IsFirst(node, _state[to]))
            {
                Connect(node.Id, to, both, GraphEdgeKind.Edge, "");
            }
        }
    }

    private static bool IsFirst(FlowNode node, FlowNode other)
    {
        if ((node.Kind == NodeKind.Cell) == (other.Kind == NodeKind.Cell))
        {
            return node.Id.Value < other.Id.Value;
        }

        FlowNode service = node.Kind == NodeKind.Cell ? other : node;
        bool gives = service.Held.IsEmpty && !service.History.IsEmpty;
        return gives == (node == service);
    }

    private void AddPassages(FlowNode node)
    {
        for (Arrival? arrival = node.Learned; arrival is not null; arrival = arrival.Earlier)
        {
            if (arrival.Kind == ArrivalKind.Gate)
            {
                Connect(arrival.Other, node.Id, false, GraphEdgeKind.Gate, $"gate {Safe(arrival.What)}");
            }
        }
    }

    private void Add(RefusedOperation refused)
    {
        string why = refused.Refusal switch
        {
            { Conflict: { } conflict } => $"conflict {Safe(conflict.Name)}",
            { Reason: var reason } => reason.ToString().ToLowerInvariant(),
        };
        _refusals.Add($"{new FlowText { NameOf = _nameOf }.Refused(_state, refused.Operation)}: {why}");
        switch (refused.Operation)
        {
            case Connect { Edge: var edge }:
                Connect(edge.From, edge.To, false, GraphEdgeKind.Refused, why);
                break;
            case PublishLayer publish:
                Connect(publish.Cell, publish.Layer, false, GraphEdgeKind.Refused, why);
                break;
            case PassGate pass:
                Connect(pass.From, pass.To, false, GraphEdgeKind.Refused, why);
                break;
            case AcquireSink acquire when _places.TryGetValue(acquire.Cell, out int cell):
                _edges.Add(new GraphEdge(cell, Wanted(acquire.Resource), false, GraphEdgeKind.Refused, why));
                break;
            case AcquireSource acquire when _places.TryGetValue(acquire.Cell, out int cell):
                _edges.Add(new GraphEdge(Wanted(acquire.Resource), cell, false, GraphEdgeKind.Refused, why));
                break;
        }
    }

    private int Wanted(string resource)
    {
        string name = Safe(resource);
        int place = _nodes.FindIndex(node => node.Shape is null && node.Name == name);
        if (place < 0)
        {
            place = _nodes.Count;
            string key = string.Create(CultureInfo.InvariantCulture, $"w{place}");
            _nodes.Add(new GraphNode(key, name, "not there", null, [], false, false, true));
        }

        return place;
    }

    private void Connect(NodeId from, NodeId to, bool both, GraphEdgeKind kind, string label)
    {
        if (_places.TryGetValue(from, out int start) && _places.TryGetValue(to, out int end))
        {
            GraphEdge edge = new(start, end, both, kind, label);
            if (!_edges.Contains(edge))
            {
                _edges.Add(edge);
            }
        }
    }

    private static string KindOf(FlowNode node) => node.Kind switch
    {
        NodeKind.Cell => $"cell, {(node.Pinned ? "pinned" : "floating")}{(node.Ended ? ", gone" : node.Frozen ? ", stopped" : "")}",
        NodeKind.Service => node.Conducts ? "service, mailbox" : "service, opaque",
        _ => Word(node.Kind),
    };

    private static string Word(NodeKind kind) => kind switch
    {
        NodeKind.Cell => "cell",
        NodeKind.Layer => "layer",
        NodeKind.Service => "service",
        _ => "person",
    };
}
