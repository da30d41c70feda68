using ShellGuard.Cells.Gates;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <content>Gates in the flow graph.</content>
internal sealed partial class Sides
{
    /// <summary>Whether the flow model would let anything with this label through a gate to the lobby.</summary>
    public FlowDenial? WouldRefuse(GateRule gate, TagSet label)
    {
        int index = IndexOf(gate);
        FlowState state = _flow.State;
        NodeId node = state.NextNode;
        FlowOperation[] operations =
        [
            new CreateCell(node, NameOf(gate), null, label, Clearance.Pinned(label, TagSet.Empty)),
            new FillGate(index, gate.Gate.Capacity),
            new PassGate(index, node, Lobby, gate.Gate.Capacity),
        ];
        foreach (FlowOperation operation in operations)
        {
            FlowDecision decision = state.Apply(operation);
            if (decision.Refusal is { } refusal)
            {
                return new FlowDenial(state, operation, refusal);
            }

            state = decision.State;
        }

        return null;
    }

    /// <summary>A gate's own cell, with what comes in.</summary>
    public GatePlace OpenGate(GateRule gate, TagSet label)
    {
        NodeId node = _flow.State.NextNode;
        Demand(_ => new CreateCell(node, NameOf(gate), null, label, Clearance.Pinned(label, TagSet.Empty)));
        return new GatePlace(IndexOf(gate), gate, label, node, Lobby);
    }

    /// <summary>The gate's cell is gone.</summary>
    public void CloseGate(GatePlace place)
    {
        Demand(_ => new EndCell(place.Node));
        _turns.GiveBack();
    }

    private static string NameOf(GateRule gate) => $"gate {gate.Gate.Name}";

    private int IndexOf(GateRule gate)
    {
        for (int i = 0; i < _walls.Gates.Count; i++)
        {
            if (ReferenceEquals(_walls.Gates[i], gate))
            {
                return i;
            }
        }

        throw new ArgumentException($"no gate {gate.Gate.Name}", nameof(gate));
    }

    /// <summary>What earlier sessions left of the budgets, so that the graph and refusals tell it.</summary>
    private void FillGates()
    {
        GateBudgets budgets = new(_session.Request.StorageRoot, TimeProvider.System);
        for (int i = 0; i < _walls.Gates.Count; i++)
        {
            if (_walls.Gates[i].Filter is null)
            {
                continue;
            }

            try
            {
                int gate = i;
                long left = budgets.Left(_walls.Gates[i]);
                Demand(_ => new FillGate(gate, left));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Nothing gets out: the gate stays empty, and says so when it is used.
                _session.Terminal.Notices.Say($"gate {_walls.Gates[i].Gate.Name} stays shut: {failure.Message}");
            }
        }
    }

    private string? WayOnOf(WayOn way)
    {
        if (way is not WayOn.ThroughGate through)
        {
            return null;
        }

        GateRule gate = _walls.Gates[through.Gate];
        string name = gate.Gate.Name;
        return gate.Filter is { } filter
            ? $"COMMAND | {name}: {filter.Form.Text}, {filter.Form.Bits} bits each time, "
                + $"{_flow.State.Budgets[through.Gate]} of {gate.Gate.Capacity} left in {ValueText.Write(filter.Per)}"
            : $"COMMAND | {name}: when {string.Join(gate.Approval!.SecondPerson ? " and " : " or ", gate.Approval.Approvers)} agrees";
    }
}
