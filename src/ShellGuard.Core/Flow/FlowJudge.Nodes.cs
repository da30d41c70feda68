using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <content>Nodes come, go, stop and run.</content>
internal static partial class FlowJudge
{
    private static FlowDecision Decide(FlowState state, CreateCell create)
    {
        if (create.Cell != state.NextNode || (create.Parent is { } asked && !IsLiveCell(state, asked)))
        {
            return Malformed(state, create.Cell);
        }

        FlowDraft draft = new(state);
        draft.Add(new FlowNode(create.Cell, NodeKind.Cell, create.Name, create.Clearance) { Parent = create.Parent });
        draft.Learn(create.Cell, create.Label, ArrivalKind.Declared, create.Cell, "");
        if (create.Parent is { } parent && state.Policy.Has(FlowRule.ChildInheritsHistory))
        {
            draft.Learn(create.Cell, state[parent].History, ArrivalKind.Spawned, parent, "");
        }

        if (create.Parent is { } ancestor && state.Policy.Has(FlowRule.ChildInheritsReached))
        {
            draft.Inherit(create.Cell, state[ancestor]);
        }

        return CheckedOn(state, draft, create.Cell);
    }

    private static FlowDecision Decide(FlowState state, CreateLayer create) => Declare(
        state,
        new FlowNode(create.Layer, NodeKind.Layer, create.Name, Clearance.Pinned(create.Label, TagSet.Empty)),
        create.Label,
        TagSet.Empty);

    private static FlowDecision Decide(FlowState state, CreateService create) => Declare(
        state,
        new FlowNode(create.Service, NodeKind.Service, create.Name, Clearance.Everything)
        {
            Conducts = ConductsAs(create.Mailbox, state.Policy),
        },
        create.Sources,
        create.Sinks);

    private static FlowDecision Decide(FlowState state, CreateHuman create) => Declare(
        state,
        new FlowNode(create.Human, NodeKind.Human, create.Name, new Clearance(create.Clearance, TagSet.Empty))
        {
            Conducts = ConductsAs(mailbox: false, state.Policy),
        },
        TagSet.Empty,
        TagSet.Empty);

    private static bool ConductsAs(bool mailbox, FlowPolicy policy) =>
        mailbox ? policy.Has(FlowRule.MailboxJoins) : !policy.Has(FlowRule.OpaqueSeparates);

    private static FlowDecision Declare(FlowState state, FlowNode node, TagSet sources, TagSet sinks)
    {
        if (node.Id != state.NextNode)
        {
            return Malformed(state, node.Id);
        }

        FlowDraft draft = new(state);
        draft.Add(node);
        draft.Learn(node.Id, sources, ArrivalKind.Declared, node.Id, node.Name);
        draft.Hold(node.Id, sinks, ArrivalKind.Declared, node.Name);
        return CheckedOn(state, draft, node.Id);
    }

    private static FlowDecision Decide(FlowState state, EndCell end)
    {
        if (!IsLiveCell(state, end.Cell))
        {
            return Malformed(state, end.Cell);
        }

        FlowDraft draft = new(state);
        FlowNode cell = state[end.Cell];
        if (state.Policy.Has(FlowRule.EndFrees))
        {
            foreach (FlowEdge edge in cell.Out.AddRange(cell.In))
            {
                draft.Disconnect(edge);
            }

            draft.Drop(end.Cell, cell.Held);
        }

        draft.Change(draft[end.Cell] with { Ended = true });
        return new FlowDecision(draft.ToState(), null, ReportOf(state, cell));
    }

    private static ExitReport ReportOf(FlowState state, FlowNode cell)
    {
        if (cell.Parent is not { } parent || state[parent].Ended)
        {
            return ExitReport.Nothing;
        }

        if (cell.History.IsSubsetOf(state[parent].History) || !state.Policy.Has(FlowRule.StatusOnlyUpwards))
        {
            return ExitReport.Status;
        }

        return state.Policy.Strict && state.Policy.Has(FlowRule.StrictStatusIsConstant)
            ? ExitReport.Nothing
            : ExitReport.Bit;
    }

    private static FlowDecision Decide(FlowState state, FreezeCell freeze)
    {
        if (!IsLiveCell(state, freeze.Cell))
        {
            return Malformed(state, freeze.Cell);
        }

        FlowDraft draft = new(state);
        draft.Change(state[freeze.Cell] with { Frozen = true });
        return new FlowDecision(draft.ToState(), null);
    }

    private static FlowDecision Decide(FlowState state, ThawCell thaw)
    {
        if (!IsLiveCell(state, thaw.Cell))
        {
            return Malformed(state, thaw.Cell);
        }

        FlowDraft draft = new(state);
        draft.Change(state[thaw.Cell] with { Frozen = false });
        return state.Policy.Has(FlowRule.ThawIsChecked)
            ? CheckedOn(state, draft, thaw.Cell)
            : new FlowDecision(draft.ToState(), null);
    }
}
