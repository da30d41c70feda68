using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <content>What files know. A label that is fixed has its sources from the start; marks of gates come to every cell, and a
/// cell whose label grows gets sources, too.</content>
internal sealed partial class Sides
{
    /// <summary>The files of the host that earlier sessions committed with marks, by their label.</summary>
    private readonly List<(TagSet Label, NodeId Node)> _committed = [];

    /// <summary>The layers of sides whose label is fixed, with their directories. Replaced as a whole: gates read it on
    /// threads of their own.</summary>
    private volatile IReadOnlyList<(string Key, NodeId Layer)> _fixed = [];

    /// <summary>The files of a cell have its label: that stands on the disk before any byte of it can come, whichever way.
    /// </summary>
    private void WriteDown(FlowState now, FlowState next)
    {
        foreach ((string key, NodeId layer) in _fixed)
        {
            WriteDown(key, layer, now, next);
        }

        foreach (Afloat afloat in _floating.Values)
        {
            WriteDown(afloat.Key, afloat.Node, now, next);
        }
    }

    private void WriteDown(string key, NodeId node, FlowState now, FlowState next)
    {
        TagSet known = now.Find(node)?.History ?? TagSet.Empty;
        TagSet fresh = (next.Find(node)?.History ?? TagSet.Empty).Except(known);
        if (!fresh.IsEmpty)
        {
            LabelFile.Add(_session.Directory, key, fresh.Select(_walls.Flow.NameOf));
        }
    }

    private void FindCommitted()
    {
        foreach (TagSet label in _groups.Committed.Marked(_walls))
        {
            _committed.Add((label, _flow.State.NextNode));
            Demand(state => new CreateLayer(state.NextNode, $"files committed with {_walls.NamesOf(label)}", label));
        }
    }

    /// <summary>Who sees such files has their marks.</summary>
    private void AddCommitted(List<Func<FlowState, FlowOperation>> operations, NodeId node, TagSet label)
    {
        foreach ((TagSet whole, NodeId files) in _committed)
        {
            if (CommittedLabels.IsSeenBy(whole, _walls, label))
            {
                operations.Add(FlowKeeper.Edge(files, node));
            }
        }
    }
}
