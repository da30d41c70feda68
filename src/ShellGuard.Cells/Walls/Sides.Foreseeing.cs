using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <content>What the graph would refuse, before a cell is made for it: to be told no takes no cell.</content>
internal sealed partial class Sides
{
    /// <summary>Whether edges between groups would be refused if their cells were there. Nothing is made.</summary>
    /// <param name="groups">All that the edges are between, beside the lobby.</param>
    /// <param name="edges">The edges, given the node of each group.</param>
    /// <returns>Null also where only making the cells tells: their labels grow, or they take turns.</returns>
    public FlowDenial? WouldRefuse(
        IEnumerable<LabelGroup> groups, Func<Func<LabelGroup, NodeId>, IReadOnlyList<(NodeId From, NodeId To)>> edges)
    {
        if (_walls.Flow.Conflicts.Any(conflict => conflict.Exclusive))
        {
            return null;
        }

        FlowState state = _flow.State;
        Dictionary<LabelGroup, NodeId> nodes = new() { [_groups.Lobby] = Lobby };
        Dictionary<LabelGroup, NodeId> layers = _sides.ToDictionary(side => side.Key, side => side.Value.Layer);
        foreach (LabelGroup group in groups)
        {
            if (group.Floating is not null)
            {
                return null;
            }

            if (_running.TryGetValue(group, out LabelCell? cell))
            {
                nodes[group] = cell.Node;
                continue;
            }

            if (!layers.ContainsKey(group))
            {
                layers[group] = state.NextNode;
                state = state.Apply(new CreateLayer(state.NextNode, group.Name, group.Label)).State;
            }

            nodes[group] = state.NextNode;
            foreach (Func<FlowState, FlowOperation> operation in
                EntryOf(group, state.NextNode, layers.Select(layer => (layer.Key, layer.Value))))
            {
                FlowDecision decision = state.Apply(operation(state));
                if (decision.Refusal is not null)
                {
                    // Opening it says why, with what can be done.
                    return null;
                }

                state = decision.State;
            }
        }

        return WouldRefuse(edges(group => nodes[group]), state);
    }
}
