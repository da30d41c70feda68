using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Flow;

/// <summary>Tells a person why an operation was refused: conflict, paths, ways on. What stands in it is safe to print.
/// </summary>
/// <remarks>Who is told what is decided before, by <see cref="FlowExplanation.For"/>.</remarks>
public sealed partial class FlowText
{
    private const int LongestName = 120;

    /// <summary>What a node is called, where its own name does not do: for a cell, say, the process that asked.</summary>
    public Func<FlowNode, string?>? NameOf { get; init; }

    /// <summary>When an operation happened, by its number; null for one whose time is not known, which is then told by
    /// its number.</summary>
    public Func<long, string?>? TimeOf { get; init; }

    /// <summary>Whether it is told when each step happened. Not of a policy alone: there nothing did.</summary>
    public bool WithTimes { get; init; } = true;

    /// <summary>The words for a way on, where they are better known outside, such as the command to type. Null for the words
    /// that are made here, empty for a way that is not to be offered.</summary>
    public Func<WayOn, string?>? WayOnOf { get; init; }

    /// <summary>The whole explanation, each line with a line feed.</summary>
    /// <param name="state">The state in which the operation was refused.</param>
    /// <param name="operation">What was refused.</param>
    /// <param name="explanation">Why; perhaps without what its reader may not know.</param>
    /// <param name="ways">What could be done instead.</param>
    public string Explain(
        FlowState state, FlowOperation operation, FlowExplanation explanation, ImmutableArray<WayOn> ways)
    {
        StringBuilder text = new();
        text.Append(Refused(state, operation)).Append('\n');
        foreach (string line in Because(state, operation, explanation).Concat(Instead(state, ways)))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>What was refused, in one line: <c>net-3 may not reach github.com:443</c>.</summary>
    public string Refused(FlowState state, FlowOperation operation) => operation switch
    {
        AcquireSource acquire => $"{Name(state, acquire.Cell)} may not get {Safe(acquire.Resource)}",
        AcquireSink acquire => $"{Name(state, acquire.Cell)} may not reach {Safe(acquire.Resource)}",
        Connect { Edge: var edge } => RefusedEdge(state, edge),
        PublishLayer publish => $"the files of {Name(state, publish.Cell)} may not join {Name(state, publish.Layer)}",
        PassGate pass when IsGate(state, pass.Gate) =>
            $"{Name(state, pass.To)} may not get that from {Name(state, pass.From)} through the gate {GateName(state, pass.Gate)}",
        FillGate fill when IsGate(state, fill.Gate) =>
            $"the gate {GateName(state, fill.Gate)} may not be given {Bits(fill.Bits)}",
        CreateCell { Parent: { } parent } create => $"{Name(state, parent)} may not start {Safe(create.Name)}",
        CreateCell create => $"{Safe(create.Name)} may not start",
        ThawCell thaw => $"{Name(state, thaw.Cell)} may not run now",
        CreateLayer create => $"the layer {Safe(create.Name)} may not be made",
        CreateService create => $"{Safe(create.Name)} may not be used",
        CreateHuman create => $"{Safe(create.Name)} may not look on",
        _ => "this may not be done",
    };

    /// <summary>One path, in the direction of the bytes: <c>customer database -> db-1 (operation 2) -> net-3 (now)</c>.
    /// </summary>
    /// <param name="state">A state that has the nodes of the path: that which was not entered.</param>
    public string Path(FlowState state, TagPath path)
    {
        StringBuilder text = new();
        foreach (PathStep step in path.Steps)
        {
            if (text.Length == 0)
            {
                text.Append(Start(state, path, step));
            }

            bool end = step.Kind is ArrivalKind.Declared or ArrivalKind.Acquired;
            if (end && path.IsSink)
            {
                text.Append(step.Kind == ArrivalKind.Acquired ? $" -> {Safe(step.What)}{When(state, step)}" : "");
            }
            else
            {
                text.Append(text.Length == 0 ? "" : By(step)).Append(Name(state, step.To)).Append(path.IsSink ? "" : When(state, step));
            }
        }

        return text.ToString();
    }

    private string Start(FlowState state, TagPath path, PathStep first) => first.Kind switch
    {
        ArrivalKind.Declared or ArrivalKind.Acquired when !path.IsSink =>
            first.What.Length == 0 || first.What == state[first.To].Name ? "" : Safe(first.What),
        _ => Name(state, first.From),
    };

    private string When(FlowState state, PathStep step)
    {
        if (!WithTimes)
        {
            return "";
        }

        if (step.Step >= state.Step)
        {
            return " (now)";
        }

        string time = TimeOf?.Invoke(step.Step) is { } known
            ? Safe(known)
            : string.Create(CultureInfo.InvariantCulture, $"operation {step.Step}");
        return $" ({time})";
    }

    private static string By(PathStep step) => step.Kind switch
    {
        ArrivalKind.Spawned => " -started-> ",
        ArrivalKind.Published => " -published-> ",
        ArrivalKind.Gate => $" -gate {Safe(step.What)}-> ",
        _ => " -> ",
    };

    private string RefusedEdge(FlowState state, FlowEdge edge)
    {
        string from = Name(state, edge.From);
        string to = Name(state, edge.To);
        return (state.Find(edge.From)?.Kind, state.Find(edge.To)?.Kind) switch
        {
            (NodeKind.Layer, _) => $"{to} may not see {from}",
            (_, NodeKind.Layer) => $"{from} may not write into {to}",
            (NodeKind.Service or NodeKind.Human, _) => $"{to} may not get anything from {from}",
            (_, NodeKind.Service) => $"{from} may not reach {to}",
            (_, NodeKind.Human) => $"{from} may not be shown to {to}",
            _ => $"{from} may not send to {to}",
        };
    }

    private string Name(FlowState state, NodeId node)
    {
        if (state.Find(node) is not { } known)
        {
            return string.Create(CultureInfo.InvariantCulture, $"node {node.Value}");
        }

        string name = NameOf?.Invoke(known) ?? known.Name;
        return name.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Word(known.Kind)} {node.Value}")
            : Safe(name);
    }

    private static string Word(NodeKind kind) => kind switch
    {
        NodeKind.Cell => "cell",
        NodeKind.Layer => "layer",
        NodeKind.Service => "service",
        _ => "person",
    };

    // A name must not look like a piece of a path, nor like the end of a line.
    private static string Safe(string name)
    {
        string safe = SafeText.Shorten(name, LongestName);
        return safe.Contains("->", StringComparison.Ordinal) || safe.Contains('"') || safe.Trim() != safe || safe.Length == 0
            ? $"\"{safe.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : safe;
    }

    private static bool IsGate(FlowState state, int gate) => (uint)gate < (uint)state.Policy.Gates.Length;

    private static string GateName(FlowState state, int gate) => Safe(state.Policy.Gates[gate].Name);

    private static string Bits(long bits) =>
        string.Create(CultureInfo.InvariantCulture, $"{bits} {(bits == 1 ? "bit" : "bits")}");
}
