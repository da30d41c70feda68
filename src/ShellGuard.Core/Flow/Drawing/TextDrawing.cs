using System.Globalization;
using System.Text;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>A graph as lines.</summary>
internal static class TextDrawing
{
    public static string Write(FlowState state, FlowGraph graph)
    {
        StringBuilder text = new();
        for (int place = 0; place < graph.Nodes.Count; place++)
        {
            if (graph.Nodes[place].Shape is not null)
            {
                Write(text, graph, place);
            }
        }

        for (int gate = 0; gate < state.Policy.Gates.Length; gate++)
        {
            Gate known = state.Policy.Gates[gate];
            text.Append(CultureInfo.InvariantCulture, $"{FlowGraph.Safe(known.Name)} (gate)\n")
                .Append(CultureInfo.InvariantCulture, $"  lets {SafeText.Message(state.Policy.NamesOf(known.From))}")
                .Append(known.To.IsEmpty ? " out" : $" to {SafeText.Message(state.Policy.NamesOf(known.To))}")
                .Append(CultureInfo.InvariantCulture, $", {state.Budgets[gate]} of {known.Capacity} bits left\n");
        }

        foreach (string refusal in graph.Refusals)
        {
            text.Append("refused: ").Append(refusal).Append('\n');
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, FlowGraph graph, int place)
    {
        GraphNode node = graph.Nodes[place];
        text.Append(CultureInfo.InvariantCulture, $"{node.Name} ({node.Kind})\n");
        foreach (string line in node.Lines)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            if (edge.From == place || (edge.Both && edge.To == place))
            {
                string other = graph.Nodes[edge.From == place ? edge.To : edge.From].Name;
                text.Append(CultureInfo.InvariantCulture, $"  {Arrow(edge)} {other}\n");
            }
        }
    }

    private static string Arrow(GraphEdge edge) => edge.Kind switch
    {
        GraphEdgeKind.Gate => $"-{edge.Label}->",
        GraphEdgeKind.Refused => $"-x ({edge.Label})",
        _ => edge.Both ? "<->" : "->",
    };
}
