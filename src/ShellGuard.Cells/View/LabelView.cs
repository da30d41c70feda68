namespace ShellGuard.Cells.View;

/// <summary>What makes the view of a cell with a label differ from that of a cell by itself: it sees the changes of other
/// layers, and finds what it left in its private directories the next time.</summary>
/// <param name="Key">Its directory in the session's storage, below <c>cells</c>; empty for the label without tags, whose layers
/// are the session's.</param>
/// <param name="Below">The layers whose label its own includes, the uppermost first.</param>
public sealed record LabelView(string Key, IReadOnlyList<LayerPlan> Below)
{
    /// <summary>The upper directories of the layers over a host directory.</summary>
    public IReadOnlyList<string> UppersOf(string target) =>
        [.. Below.Where(layer => layer.Target == target).Select(layer => layer.Upper)];
}
