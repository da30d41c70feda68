using System.Globalization;
using System.Text;

namespace ShellGuard.Core.Flow.Drawing;

/// <summary>A graph as a picture.</summary>
internal static class SvgDrawing
{
    private const string Line = "#555555";

    public static string Write(FlowGraph graph)
    {
        GraphLayout layout = GraphLayout.Of(graph);
        StringBuilder svg = new();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{layout.Width}\" height=\"{layout.Height}\" viewBox=\"0 0 {layout.Width} {layout.Height}\" role=\"img\" font-family=\"monospace\" font-size=\"12\">");
        Add(svg, $"<title>flow</title>");
        Add(svg, $"<defs>");
        foreach (GraphEdgeKind kind in Enum.GetValues<GraphEdgeKind>())
        {
            Add(svg, $"<marker id=\"{Marker(kind)}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto-start-reverse\"><path d=\"{Tip(kind)}\" fill=\"{Colour(kind)}\" stroke=\"{Colour(kind)}\"/></marker>");
        }

        Add(svg, $"</defs>");
        Add(svg, $"<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        foreach (GraphEdge edge in graph.Edges)
        {
            Write(svg, edge, layout);
        }

        for (int place = 0; place < graph.Nodes.Count; place++)
        {
            Write(svg, graph.Nodes[place], layout.Boxes[place]);
        }

        Add(svg, $"</svg>");
        return svg.ToString();
    }

    private static void Write(StringBuilder svg, GraphNode node, GraphBox box)
    {
        int radius = node.Shape switch { NodeKind.Cell => 4, NodeKind.Human => 20, NodeKind.Layer => 0, _ => 10 };
        string dashes = node.Faint ? " stroke-dasharray=\"4 3\"" : "";
        Add(svg, $"<rect x=\"{box.Left}\" y=\"{box.Top}\" width=\"{box.Width}\" height=\"{box.Height}\" rx=\"{radius}\" fill=\"{DrawingColours.Of(node)}\" stroke=\"{Line}\"{dashes}/>");
        int y = box.Top + GraphLayout.LineHeight;
        Add(svg, $"<text x=\"{box.Left + 10}\" y=\"{y}\" font-weight=\"bold\">{Escape(node.Name)}</text>");
        foreach (string line in node.Lines.Prepend($"({node.Kind})"))
        {
            y += GraphLayout.LineHeight;
            Add(svg, $"<text x=\"{box.Left + 10}\" y=\"{y}\">{Escape(line)}</text>");
        }
    }

    /// <summary>To the right where it can; else out on the right, round, and in on the left.</summary>
    private static void Write(StringBuilder svg, GraphEdge edge, GraphLayout layout)
    {
        GraphBox from = layout.Boxes[edge.From];
        GraphBox to = layout.Boxes[edge.To];
        int reach = from.Right < to.Left ? (to.Left - from.Right) / 2 : 60;
        string both = edge.Both ? $" marker-start=\"url(#{Marker(edge.Kind)})\"" : "";
        string dashes = edge.Kind == GraphEdgeKind.Refused ? " stroke-dasharray=\"6 4\"" : "";
        Add(svg, $"<path d=\"M {from.Right} {from.Middle} C {from.Right + reach} {from.Middle}, {to.Left - reach} {to.Middle}, {to.Left} {to.Middle}\" fill=\"none\" stroke=\"{Colour(edge.Kind)}\" marker-end=\"url(#{Marker(edge.Kind)})\"{both}{dashes}/>");
        if (edge.Label.Length > 0)
        {
            Add(svg, $"<text x=\"{(from.Right + to.Left) / 2}\" y=\"{((from.Middle + to.Middle) / 2) - 4}\" text-anchor=\"middle\" font-size=\"10\" fill=\"{Colour(edge.Kind)}\">{Escape(edge.Label)}</text>");
        }
    }

    private static string Marker(GraphEdgeKind kind) => kind.ToString().ToLowerInvariant();

    private static string Tip(GraphEdgeKind kind) => kind == GraphEdgeKind.Refused ? "M 8 0 L 8 8" : "M 0 0 L 8 4 L 0 8 z";

    private static string Colour(GraphEdgeKind kind) => kind switch
    {
        GraphEdgeKind.Gate => DrawingColours.Gate,
        GraphEdgeKind.Refused => DrawingColours.Refused,
        _ => Line,
    };

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal);

    private static void Add(StringBuilder svg, FormattableString line) =>
        svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
