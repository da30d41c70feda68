namespace ShellGuard.Cells.View;

/// <summary>What a cell sees: pure data, printed by <c>shellguard plan</c>.</summary>
/// <param name="Entries">Applied in order.</param>
/// <param name="Plants">Put into layers and masks before the cell starts.</param>
/// <param name="Layers">The copy-on-write directories.</param>
/// <param name="Writable">Where the cell may write at all; the second floor, Landlock, is built from this.</param>
/// <param name="Hidden">Paths that a commit must never touch: hidden or read-only ones beneath a layer.</param>
/// <param name="Notes">What a reader should know, such as a rule that is weaker than it looks.</param>
public sealed record ViewPlan(
    IReadOnlyList<ViewEntry> Entries,
    IReadOnlyList<Plant> Plants,
    IReadOnlyList<LayerPlan> Layers,
    IReadOnlyList<WritablePath> Writable,
    IReadOnlyList<string> Hidden,
    IReadOnlyList<string> Notes);
