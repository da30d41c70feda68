using System.Collections.Immutable;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>Finds ways on by trying them: states are values, so a trial costs nothing but time.</summary>
public static class WaysOn
{
    /// <param name="state">The state in which the operation was refused.</param>
    public static ImmutableArray<WayOn> Of(FlowState state, FlowOperation operation, FlowRefusal refusal) =>
        refusal.Reason switch
        {
            RefusalReason.Conflict => [.. Elsewhere(state, operation), .. Severed(state, operation), .. Gates(state, operation, refusal)],
            RefusalReason.Clearance => [.. Elsewhere(state, operation), .. Severed(state, operation)],
            RefusalReason.Exclusive => [.. Frozen(state, operation)],
            _ => [],
        };

    private static IEnumerable<WayOn> Elsewhere(FlowState state, FlowOperation operation)
    {
        (FlowOperation There, NodeId Asker)? moved = operation switch
        {
            AcquireSource acquire => (acquire with { Cell = state.NextNode }, acquire.Cell),
            AcquireSink acquire => (acquire with { Cell = state.NextNode }, acquire.Cell),
            _ => null,
        };
        if (moved is not var (there, asker))
        {
            yield break;
        }

        CreateCell child = new(state.NextNode, "", asker, TagSet.Empty, Clearance.Everything);
        if (Works(state, [child], there))
        {
            yield return new WayOn.Elsewhere(asker);
        }
        else if (Works(state, [child with { Parent = null }], there))
        {
            yield return new WayOn.Elsewhere(null);
        }
    }

    private static IEnumerable<WayOn> Severed(FlowState state, FlowOperation operation)
    {
        List<FlowOperation> cuts = [];
        foreach (FlowNode cell in SubjectsOf(operation).Select(subject => state[subject]))
        {
            cuts.AddRange(cell.Out.AddRange(cell.In).Select(edge => new Disconnect(edge)));
            if (cell is { Kind: NodeKind.Cell, Ended: false })
            {
                cuts.AddRange(cell.Held.Select(sink => new DropSink(cell.Id, TagSet.Of(sink))));
            }
        }

        if (Fewest(state, [.. cuts.Distinct()], operation) is { Length: > 0 } needed)
        {
            yield return new WayOn.Sever(needed);
        }
    }

    private static IEnumerable<WayOn> Frozen(FlowState state, FlowOperation operation)
    {
        NodeId[] subjects = SubjectsOf(operation);
        IEnumerable<FlowOperation> others = state.Nodes
            .Where(node => node.Running && !subjects.Contains(node.Id))
            .Select(node => new FreezeCell(node.Id));
        if (Fewest(state, [.. others], operation) is { Length: > 0 } needed)
        {
            yield return new WayOn.FreezeOthers(needed);
        }
    }

    private static IEnumerable<WayOn> Gates(FlowState state, FlowOperation operation, FlowRefusal refusal)
    {
        if (operation is not (Connect or AcquireSink))
        {
            yield break;
        }

        for (int i = 0; i < state.Policy.Gates.Length; i++)
        {
            Gate gate = state.Policy.Gates[i];
            bool leadsThere = gate.From.Overlaps(refusal.Tags) && gate.To.Overlaps(refusal.Tags);
            if (leadsThere && (operation is not Connect { Edge: var edge }
                || Works(state, [new FillGate(i, gate.Capacity)], new PassGate(i, edge.From, edge.To, gate.Capacity))))
            {
                yield return new WayOn.ThroughGate(i, state.Budgets[i]);
            }
        }
    }

    private static NodeId[] SubjectsOf(FlowOperation operation) => operation switch
    {
        AcquireSource acquire => [acquire.Cell],
        AcquireSink acquire => [acquire.Cell],
        Connect connect => [connect.Edge.From, connect.Edge.To],
        PublishLayer publish => [publish.Cell],
        ThawCell thaw => [thaw.Cell],
        _ => [],
    };

    /// <summary>As few of the preparations as make the operation possible, none of which can be spared; empty where all
    /// together do not.</summary>
    private static ImmutableArray<FlowOperation> Fewest(
        FlowState state, ImmutableArray<FlowOperation> preparations, FlowOperation operation)
    {
        if (!Works(state, preparations, operation))
        {
            return [];
        }

        for (int i = preparations.Length - 1; i >= 0; i--)
        {
            ImmutableArray<FlowOperation> without = preparations.RemoveAt(i);
            preparations = Works(state, without, operation) ? without : preparations;
        }

        return preparations;
    }

    private static bool Works(FlowState state, ImmutableArray<FlowOperation> preparations, FlowOperation operation)
    {
        foreach (FlowOperation preparation in preparations)
        {
            FlowDecision decision = state.Apply(preparation);
            if (!decision.Allowed)
            {
                return false;
            }

            state = decision.State;
        }

        return state.Apply(operation).Allowed;
    }
}
