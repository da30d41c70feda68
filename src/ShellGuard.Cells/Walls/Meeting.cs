using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cells.Walls;

/// <summary>What would meet in a command if a cell could be made for it: asked of the flow model, so that a command which needs
/// two sides is refused with the same words as a pipe between them. Pure.</summary>
internal static class Meeting
{
    /// <summary>How it is told. To give up one of the two is no way on: the command needs both.</summary>
    public static FlowText Words { get; } = new()
    {
        WithTimes = false,
        WayOnOf = way => way is WayOn.Sever ? "" : null,
    };

    /// <returns>The refusal; null where only no cell has all that the command needs.</returns>
    public static FlowDenial? Of(FlowPolicy policy, Unplaced unplaced)
    {
        FlowState state = FlowState.Empty(policy);
        NodeId command = state.NextNode;
        state = state.Apply(new CreateCell(command, unplaced.Command, null, TagSet.Empty, Clearance.Everything)).State;
        foreach ((string name, bool isFile, TagSet label) in unplaced.Needs)
        {
            NodeId node = state.NextNode;
            FlowOperation made = isFile
                ? new CreateLayer(node, name, label)
                : new CreateCell(node, name, null, label, Clearance.Everything);
            state = state.Apply(made).State;
            Connect operation = new(new FlowEdge(state.NextEdge, node, command));
            FlowDecision decision = state.Apply(operation);
            if (decision.Refusal is { } refusal)
            {
                return new FlowDenial(state, operation, refusal);
            }

            state = decision.State;
        }

        return null;
    }
}
