using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>Decides on operations, one method for each kind: what makes no sense is refused, the rest is carried out on a
/// draft, and the draft is checked.</summary>
internal static partial class FlowJudge
{
    public static FlowDecision Decide(FlowState state, FlowOperation operation) => operation switch
    {
        CreateCell create => Decide(state, create),
        CreateLayer create => Decide(state, create),
        CreateService create => Decide(state, create),
        CreateHuman create => Decide(state, create),
        EndCell end => Decide(state, end),
        FreezeCell freeze => Decide(state, freeze),
        ThawCell thaw => Decide(state, thaw),
        AcquireSource acquire => Decide(state, acquire),
        AcquireSink acquire => Decide(state, acquire),
        DropSink drop => Decide(state, drop),
        Connect connect => Decide(state, connect),
        Disconnect disconnect => Decide(state, disconnect),
        PublishLayer publish => Decide(state, publish),
        FillGate fill => Decide(state, fill),
        PassGate pass => Decide(state, pass),
        _ => Malformed(state, default),
    };

    private static FlowDecision CheckedOn(FlowState state, FlowDraft draft, NodeId subject) =>
        draft.Check(subject) is { } refusal ? new FlowDecision(state, refusal) : new FlowDecision(draft.ToState(), null);

    private static FlowDecision Malformed(FlowState state, NodeId node) =>
        Refused(state, RefusalReason.Malformed, node);

    private static FlowDecision Refused(FlowState state, RefusalReason reason, NodeId node) =>
        new(state, new FlowRefusal(reason, null, node, TagSet.Empty, state));

    private static bool IsCell(FlowState state, NodeId node) => state.Find(node) is { Kind: NodeKind.Cell };

    private static bool IsLiveCell(FlowState state, NodeId node) =>
        state.Find(node) is { Kind: NodeKind.Cell, Ended: false };
}
