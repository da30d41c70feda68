namespace ShellGuard.Core.Flow.Drawing;

/// <summary>Places the boxes of a graph in columns, so that bytes go from left to right as far as they do not go round in
/// circles.</summary>
internal sealed class GraphLayout
{
    private const double CharacterWidth = 7.3;
    private const int Padding = 10;
    private const int ColumnGap = 110;
    private const int RowGap = 24;
    private const int Margin = 20;

    public const int LineHeight = 16;

    private GraphLayout(IReadOnlyList<GraphBox> boxes, int width, int height)
    {
        Boxes = boxes;
        Width = width;
        Height = height;
    }

    /// <summary>By the place of the node in its graph.</summary>
    public IReadOnlyList<GraphBox> Boxes { get; }

    public int Width { get; }

    public int Height { get; }

    public static GraphLayout Of(FlowGraph graph)
    {
        int[] columns = ColumnsOf(graph);
        GraphBox[] boxes = Array.ConvertAll([.. graph.Nodes], BoxOf);
        int left = Margin;
        int height = 0;
        int[] centres = new int[boxes.Length];
        for (int column = 0; column <= columns.DefaultIfEmpty().Max(); column++)
        {
            int top = Margin;
            int width = 0;
            foreach (int place in Order(graph, columns, column, centres))
            {
                boxes[place] = boxes[place] with { Left = left, Top = top };
                centres[place] = top + (boxes[place].Height / 2);
                top += boxes[place].Height + RowGap;
                width = Math.Max(width, boxes[place].Width);
            }

            left += width + ColumnGap;
            height = Math.Max(height, top - RowGap);
        }

        return new GraphLayout(boxes, left - ColumnGap + Margin, height + Margin);
    }

    private static GraphBox BoxOf(GraphNode node)
    {
        int longest = node.Lines.Append(node.Name).Append($"({node.Kind})").Max(line => line.Length);
        return new GraphBox(0, 0, (int)(longest * CharacterWidth) + (2 * Padding), ((node.Lines.Count + 2) * LineHeight) + Padding);
    }

    /// <summary>From the top: those whose neighbours on the left are higher, then by their order in the graph.</summary>
    private static IEnumerable<int> Order(FlowGraph graph, int[] columns, int column, int[] centres) =>
        Enumerable.Range(0, columns.Length).Where(place => columns[place] == column)
            .OrderBy(place => MeanHeight(graph.Edges.Where(edge => edge.To == place && columns[edge.From] < column), centres))
            .ThenBy(place => place);

    /// <summary>How low the left ends of edges are on average; as low as can be without any.</summary>
    private static double MeanHeight(IEnumerable<GraphEdge> edges, int[] centres)
    {
        GraphEdge[] all = [.. edges];
        return all.Length == 0 ? double.MaxValue : all.Average(edge => (double)centres[edge.From]);
    }

    /// <summary>The longest way to each node, without the edges that close a circle.</summary>
    private static int[] ColumnsOf(FlowGraph graph)
    {
        int count = graph.Nodes.Count;
        List<int>[] outs = new List<int>[count];
        for (int place = 0; place < count; place++)
        {
            outs[place] = [];
            foreach (GraphEdge edge in graph.Edges)
            {
                if (edge.From == place && edge.To != place && !outs[place].Contains(edge.To))
                {
                    outs[place].Add(edge.To);
                }
            }
        }

        bool[] done = new bool[count];
        bool[] open = new bool[count];
        List<int> finished = [];
        foreach (int start in Enumerable.Range(0, count).OrderBy(place => graph.Edges.Any(edge => edge.To == place) ? 1 : 0))
        {
            Visit(start);
        }

        int[] columns = new int[count];
        for (int i = finished.Count - 1; i >= 0; i--)
        {
            foreach (int to in outs[finished[i]])
            {
                columns[to] = Math.Max(columns[to], columns[finished[i]] + 1);
            }
        }

        return columns;

        // Not by recursion: a chain of cells is as long as its user likes.
        void Visit(int start)
        {
            Stack<(int Node, int Next)> pending = new();
            Enter(start);
            while (pending.TryPop(out (int Node, int Next) at))
            {
                if (at.Next == outs[at.Node].Count)
                {
                    open[at.Node] = false;
                    finished.Add(at.Node);
                    continue;
                }

                int to = outs[at.Node][at.Next];
                if (open[to])
                {
                    outs[at.Node].RemoveAt(at.Next);
                    pending.Push(at);
                }
                else
                {
                    pending.Push((at.Node, at.Next + 1));
                    Enter(to);
                }
            }

            void Enter(int node)
            {
                if (!done[node])
                {
                    done[node] = true;
                    open[node] = true;
                    pending.Push((node, 0));
                }
            }
        }
    }
}
