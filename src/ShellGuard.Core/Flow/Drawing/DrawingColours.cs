namespace ShellGuard.Core.Flow.Drawing;

/// <summary>Pale ones, so that black text is read on them; the words say the same.</summary>
internal static class DrawingColours
{
    public const string Gate = "#1b7837";
    public const string Refused = "#b2182b";

    private const string Plain = "#f7f7f7";
    private const string Source = "#d1e5f0";
    private const string Sink = "#fddbc7";
    private const string Both = "#e7d4e8";

    public static string Of(GraphNode node) => (node.Knows, node.Reaches) switch
    {
        (true, true) => Both,
        (true, false) => Source,
        (false, true) => Sink,
        _ => Plain,
    };
}
