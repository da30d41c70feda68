using System.Collections.Immutable;
using System.Globalization;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <content>Why it was refused, and what could be done instead.</content>
public sealed partial class FlowText
{
    /// <summary>The lines below the first, without the ways on.</summary>
    public IEnumerable<string> Because(FlowState state, FlowOperation operation, FlowExplanation explanation)
    {
        FlowRefusal refusal = explanation.Refusal;
        bool told = !refusal.Tags.IsEmpty;
        switch (refusal.Reason)
        {
            case RefusalReason.Conflict or RefusalReason.Exclusive:
                yield return Conflict(refusal, told);
                break;
            case RefusalReason.Clearance when told:
                yield return $"clearance: {Name(refusal.Attempt, refusal.Node)} may not have "
                    + Names(state.Policy, refusal.Tags);
                break;
            case RefusalReason.Budget:
                yield return Budget(state, operation);
                break;
            case RefusalReason.Malformed:
                yield return "what it names is not there, or not any more";
                break;
        }

        if (refusal.Reason is RefusalReason.Malformed or RefusalReason.Budget)
        {
            yield break;
        }

        if (!told)
        {
            yield return "more must not be told here: it would say what others know";
            yield break;
        }

        int width = explanation.Paths.Aggregate(0, (most, path) => Math.Max(most, Safe(state.Policy.NameOf(path.Tag)).Length));
        foreach (TagPath path in explanation.Paths.OrderBy(path => path.IsSink))
        {
            string tag = Safe(state.Policy.NameOf(path.Tag)).PadRight(width);
            yield return $"{tag}  {Path(refusal.Attempt, path)}";
        }
    }

    /// <summary>The ways on, each on a line.</summary>
    public IEnumerable<string> Instead(FlowState state, ImmutableArray<WayOn> ways)
    {
        string start = "ways on: ";
        foreach (string words in Ways(state, ways))
        {
            yield return start + words;
            start = "         ";
        }
    }

    /// <summary>The words of each way on.</summary>
    public IEnumerable<string> Ways(FlowState state, ImmutableArray<WayOn> ways) => (ways.IsDefault ? [] : ways)
        .Select(way => WayOnOf?.Invoke(way) is { } known ? SafeText.Message(known) : Words(state, way))
        .Where(words => words.Length > 0);

    private string Conflict(FlowRefusal refusal, bool told)
    {
        ConflictSet conflict = refusal.Conflict!;
        string name = $"conflict \"{SafeText.Shorten(conflict.Name, LongestName).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        if (!told)
        {
            return name;
        }

        string atMost = conflict.AtMost == 0 ? "none of them" : string.Create(CultureInfo.InvariantCulture, $"at most {conflict.AtMost}");
        string mode = refusal.Reason == RefusalReason.Exclusive
            ? $" at the same time, and {Name(refusal.Attempt, refusal.Node)} runs"
            : conflict.Mode == ConflictMode.Wall ? ", and what was once within reach counts for ever" : "";
        return $"{name}: {Names(refusal.Attempt.Policy, conflict.Members)}, {atMost}{mode} ({SafeText.Message(conflict.Rule.Position)})";
    }

    private static string Budget(FlowState state, FlowOperation operation) => operation switch
    {
        PassGate pass => $"it takes {Bits(pass.Bits)}, and {Bits(state.Budgets[pass.Gate])} are left",
        FillGate fill => $"it holds {Bits(state.Policy.Gates[fill.Gate].Capacity)} at most",
        _ => "the gate has not that many bits left",
    };

    private string Words(FlowState state, WayOn way) => way switch
    {
        WayOn.Elsewhere { Parent: { } parent } => $"in a cell of its own, started from {Name(state, parent)}",
        WayOn.Elsewhere => "in a cell of its own, started afresh without what this one knows",
        WayOn.Sever sever => $"first give up {string.Join(" and ", sever.Cuts.Select(cut => Cut(state, cut)))}",
        WayOn.FreezeOthers freeze =>
            $"while {string.Join(" and ", freeze.Cells.OfType<FreezeCell>().Select(cell => Name(state, cell.Cell)))} is stopped",
        WayOn.ThroughGate gate => $"through the gate {GateName(state, gate.Gate)} ({Bits(gate.BitsLeft)} left)",
        _ => "",
    };

    private string Cut(FlowState state, FlowOperation cut) => cut switch
    {
        Disconnect { Edge: var edge } => $"{Name(state, edge.From)} -> {Name(state, edge.To)}",
        DropSink drop => $"{Names(state.Policy, drop.Tags)} of {Name(state, drop.Cell)}",
        _ => "",
    };

    private static string Names(FlowPolicy policy, TagSet tags) => SafeText.Message(policy.NamesOf(tags));
}
