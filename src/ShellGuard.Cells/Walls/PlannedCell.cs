using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;

namespace ShellGuard.Cells.Walls;

/// <summary>A plan that several cells are made of, one after the other.</summary>
/// <param name="plan">The plan.</param>
/// <param name="below">The layers that are below its own.</param>
internal sealed class PlannedCell(CellPlan plan, IReadOnlyList<LayerPlan> below)
{
    private readonly Lazy<string> _digest = new(() => plan.Digest);

    private readonly Lazy<IReadOnlyList<string>> _lookedUp = new(() => LookedUpIn(plan.View));

    public CellPlan Plan => plan;

    public IReadOnlyList<LayerPlan> Below => below;

    /// <summary>Of the plan, <see cref="CellPlan.Digest"/>.</summary>
    public string Digest => _digest.Value;

    /// <summary>What the making of it looks up in the layers below: directories with something else mounted beneath them. An
    /// overlay keeps what it found of a name.</summary>
    public IReadOnlyList<string> LookedUp => _lookedUp.Value;

    private static List<string> LookedUpIn(ViewPlan view)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (ViewEntry.Overlay overlay in view.Entries.OfType<ViewEntry.Overlay>().Where(entry => entry.Below.Count > 0))
        {
            foreach (ViewEntry entry in view.Entries.Where(entry => Paths.IsBeneath(entry.Target, overlay.Target)))
            {
                for (string on = Paths.Parent(entry.Target); Paths.IsBeneath(on, overlay.Target); on = Paths.Parent(on))
                {
                    found.UnionWith(overlay.Below.Select(upper => $"{upper}/{Paths.Below(on, overlay.Target)}"));
                }
            }
        }

        return [.. found];
    }
}
