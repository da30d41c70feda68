using ShellGuard.Core.Flow;

namespace ShellGuard.Cells.Walls;

/// <summary>Directories of the host that carry tags.</summary>
/// <param name="Name">What the policy calls them.</param>
/// <param name="Paths">Absolute and normalised; the trees beneath them.</param>
/// <param name="Sources">What comes from there.</param>
/// <param name="Sinks">Where that goes which is written there.</param>
/// <param name="Opaque">Whether what goes in is taken not to come out.</param>
public sealed record TaggedTree(string Name, IReadOnlyList<string> Paths, TagSet Sources, TagSet Sinks, bool Opaque)
{
    /// <summary>Whether a path is in these directories.</summary>
    internal bool Has(string path) => Paths.Any(tree => Planning.Paths.IsAtOrBeneath(path, tree));
}
