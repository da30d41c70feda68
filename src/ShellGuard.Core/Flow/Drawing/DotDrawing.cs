using System.Globalization;
using System.Text;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>A graph in Graphviz's language.</summary>
internal static class DotDrawing
{
    public static string Write(FlowGraph graph)
    {
        StringBuilder text = new();
        text.Append("digraph flow {\n  rankdir=LR;\n  node [fontname=\"monospace\", fontsize=10];\n  edge [fontname=\"monospace\", fontsize=9];\n");
        foreach (GraphNode node in graph.Nodes)
        {
            string label = string.Join("\\n", node.Lines.Prepend($"({node.Kind})").Prepend(node.Name).Select(Escape));
            text.Append(CultureInfo.InvariantCulture, $"  {node.Key} [label=\"{label}\", {Style(node)}];\n");
        }

        foreach (GraphEdge edge in graph.Edges)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {graph.Nodes[edge.From].Key} -> {graph.Nodes[edge.To].Key} [{Style(edge)}];\n");
        }

        return text.Append("}\n").ToString();
    }

    private static string Style(GraphNode node)
    {
        string shape = node.Shape switch
        {
            NodeKind.Cell => "box",
            NodeKind.Layer => "folder",
            NodeKind.Human => "oval",
            NodeKind.Service => "component",
            _ => "plaintext",
        };
        string line = node.Faint ? "dashed" : "solid";
        string fill = DrawingColours.Of(node);
        return $"shape={shape}, style=\"filled,{line}\", fillcolor=\"{fill}\"";
    }

    private static string Style(GraphEdge edge)
    {
        string style = edge.Kind switch
        {
            GraphEdgeKind.Gate => $"style=bold, color=\"{DrawingColours.Gate}\"",
            GraphEdgeKind.Refused => $"style=dashed, arrowhead=tee, constraint=false, color=\"{DrawingColours.Refused}\"",
            _ => edge.Both ? "dir=both" : "dir=forward",
        };
        return edge.Label.Length == 0 ? style : $"label=\"{Escape(edge.Label)}\", {style}";
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
