using ShellGuard.Cells.Planning;

namespace ShellGuard.Cells.View;

/// <summary>What a cell sees: pure data, printed by <c>shellguard plan</c>.</summary>
/// <param name="Entries">Applied in order.</param>
/// <param name="Plants">Put into layers and masks before the cell starts.</param>
/// <param name="Layers">The copy-on-write directories.</param>
/// <param name="Writable">Where the cell may write at all; the second floor, Landlock, is built from this.</param>
/// <param name="Protected">Paths with what beneath them a cell cannot change, and a commit never touches.</param>
/// <param name="Notes">What a reader should know, such as a rule that is weaker than it looks.</param>
public sealed record ViewPlan(
    IReadOnlyList<ViewEntry> Entries,
    IReadOnlyList<Plant> Plants,
    IReadOnlyList<LayerPlan> Layers,
    IReadOnlyList<WritablePath> Writable,
    IReadOnlyList<ProtectedPath> Protected,
    IReadOnlyList<string> Notes)
{
    /// <summary>Rules that are not held as they read, on this host or anywhere: said when the session starts, and
    /// journalled.</summary>
    public IReadOnlyList<string> NotHeld { get; init; } = [];

    /// <summary>Where the changes under private directories go that outlive the cell; nobody decides on them.</summary>
    public IReadOnlyList<LayerPlan> Kept { get; init; } = [];

    /// <summary>What keeps a path from being written, or null when the cell may write it.</summary>
    /// <param name="path">Absolute, without links, as the cell sees it.</param>
    public ProtectedPath? ProtectionOf(string path)
    {
        ProtectedPath? protection = null;
        int depth = -1;
        foreach (ProtectedPath candidate in Protected)
        {
            if (Paths.IsAtOrBeneath(path, candidate.Path) && candidate.Path.Length > depth)
            {
                protection = candidate;
                depth = candidate.Path.Length;
            }
        }

        return Writable.Any(writable => writable.Path.Length >= depth && Paths.IsAtOrBeneath(path, writable.Path))
            ? null
            : protection;
    }
}
