using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <content>Cells get and give up sources, sinks and edges.</content>
internal static partial class FlowJudge
{
    /// <summary>The number of an edge that lasts for one operation.</summary>
    private const int Passing = -1;

    private static FlowDecision Decide(FlowState state, AcquireSource acquire)
    {
        if (!IsLiveCell(state, acquire.Cell))
        {
            return Malformed(state, acquire.Cell);
        }

        FlowDraft draft = new(state);
        draft.Learn(acquire.Cell, acquire.Tags, ArrivalKind.Acquired, acquire.Cell, acquire.Resource);
        return CheckedOn(state, draft, acquire.Cell);
    }

    private static FlowDecision Decide(FlowState state, AcquireSink acquire)
    {
        if (!IsLiveCell(state, acquire.Cell))
        {
            return Malformed(state, acquire.Cell);
        }

        FlowDraft draft = new(state);
        draft.Hold(acquire.Cell, acquire.Tags, ArrivalKind.Acquired, acquire.Resource);
        return CheckedOn(state, draft, acquire.Cell);
    }

    private static FlowDecision Decide(FlowState state, DropSink drop)
    {
        if (!IsLiveCell(state, drop.Cell))
        {
            return Malformed(state, drop.Cell);
        }

        FlowDraft draft = new(state);
        if (state.Policy.Has(FlowRule.DropFreesSinks))
        {
            draft.Drop(drop.Cell, drop.Tags);
        }

        return new FlowDecision(draft.ToState(), null);
    }

    private static FlowDecision Decide(FlowState state, Connect connect)
    {
        FlowEdge edge = connect.Edge;
        if (edge.Number != state.NextEdge || edge.From == edge.To
            || state.Find(edge.From) is not { Ended: false } || state.Find(edge.To) is not { Ended: false }
            || !(IsCell(state, edge.From) || IsCell(state, edge.To)))
        {
            return Malformed(state, edge.From);
        }

        FlowDraft draft = new(state) { NextEdge = edge.Number + 1 };
        draft.Connect(edge, ArrivalKind.Edge);
        return CheckedOn(state, draft, edge.From);
    }

    private static FlowDecision Decide(FlowState state, Disconnect disconnect)
    {
        FlowEdge edge = disconnect.Edge;
        if (state.Find(edge.From) is not { } from || !from.Out.Contains(edge))
        {
            return Malformed(state, edge.From);
        }

        FlowDraft draft = new(state);
        draft.Disconnect(edge);
        return new FlowDecision(draft.ToState(), null);
    }

    private static FlowDecision Decide(FlowState state, PublishLayer publish)
    {
        if (!IsCell(state, publish.Cell) || state.Find(publish.Layer) is not { Kind: NodeKind.Layer })
        {
            return Malformed(state, publish.Cell);
        }

        FlowDraft draft = new(state);
        if (!state.Policy.Has(FlowRule.PublishingJoins))
        {
            draft.Learn(publish.Layer, state[publish.Cell].History, ArrivalKind.Published, publish.Cell, "");
            return CheckedOn(state, draft, publish.Cell);
        }

        FlowEdge edge = new(Passing, publish.Cell, publish.Layer);
        draft.Connect(edge, ArrivalKind.Published);
        if (draft.Check(publish.Cell) is { } refusal)
        {
            return new FlowDecision(state, refusal);
        }

        draft.Disconnect(edge);
        return new FlowDecision(draft.ToState(), null);
    }
}
