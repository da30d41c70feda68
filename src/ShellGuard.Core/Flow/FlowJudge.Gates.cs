using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <content>Gates are filled and passed.</content>
internal static partial class FlowJudge
{
    private static FlowDecision Decide(FlowState state, FillGate fill)
    {
        if ((uint)fill.Gate >= (uint)state.Budgets.Length || fill.Bits < 0)
        {
            return Malformed(state, default);
        }

        if (fill.Bits > state.Policy.Gates[fill.Gate].Capacity && state.Policy.Has(FlowRule.FillIsBounded))
        {
            return Refused(state, RefusalReason.Budget, default);
        }

        FlowDraft draft = new(state) { Budgets = state.Budgets.SetItem(fill.Gate, fill.Bits) };
        return new FlowDecision(draft.ToState(), null);
    }

    private static FlowDecision Decide(FlowState state, PassGate pass)
    {
        if ((uint)pass.Gate >= (uint)state.Budgets.Length || pass.Bits <= 0 || pass.From == pass.To
            || state.Find(pass.From) is not { } from || !IsLiveCell(state, pass.To))
        {
            return Malformed(state, pass.From);
        }

        long left = state.Budgets[pass.Gate];
        if (pass.Bits > left && state.Policy.Has(FlowRule.GateIsBounded))
        {
            return Refused(state, RefusalReason.Budget, pass.From);
        }

        Gate gate = state.Policy.Gates[pass.Gate];
        FlowDraft draft = new(state) { Budgets = state.Budgets.SetItem(pass.Gate, LeftAfter(state, gate, left, pass.Bits)) };
        draft.Learn(pass.To, state.Policy.Behind(pass.Gate, from.History), ArrivalKind.Gate, pass.From, gate.Name);
        return CheckedOn(state, draft, pass.To);
    }

    private static long LeftAfter(FlowState state, Gate gate, long left, long bits)
    {
        if (gate.Kind == GateKind.Approval && state.Policy.Has(FlowRule.ApprovalCountsOnce))
        {
            return 0;
        }

        return state.Policy.Has(FlowRule.GateSpends) ? Math.Max(0, left - bits) : left;
    }
}
