using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Walls;

namespace ShellGuard.Cells.Sessions;

/// <summary>One opened layer of a session with what it changes.</summary>
/// <param name="walls">What the session's policy said of walls; null where it said nothing.</param>
public sealed class SessionLayer(string directory, Layer layer, IReadOnlyList<string> label, SessionWalls? walls) : IDisposable
{
    /// <summary>Its storage.</summary>
    public string Directory { get; } = directory;

    public Layer Layer { get; } = layer;

    /// <summary>The host's directory.</summary>
    public string Target => Layer.Metadata.Target;

    /// <summary>The tags of everything in it, by their names.</summary>
    public IReadOnlyList<string> Label { get; } = label;

    public LayerChanges Changes { get; private set; } = new([], []);

    /// <summary>The changes that somebody has to decide on: what the policy hides stays in the session in any case.</summary>
    public IEnumerable<Change> Undecided => Changes.Changes.Where(change => !change.IsHidden);

    /// <summary>The host's path of a change.</summary>
    public string HostPath(Change change) => change.Path.Length == 0
        ? Target
        : $"{Target.TrimEnd('/')}/{change.Path}";

    /// <summary>The changes at and beneath some paths of the layer.</summary>
    /// <param name="paths">Null for all.</param>
    public IReadOnlyList<Change> ChangesAt(IReadOnlyList<string>? paths) => paths is null
        ? Changes.Changes
        : [.. Changes.Changes.Where(change => paths.Any(path => LayerPath.IsAtOrBeneath(change.Path, path)))];

    /// <summary>Compares with the host as it is now.</summary>
    public void Compare(CancellationToken cancellation = default)
    {
        LayerChanges found = LayerDiff.Compute(Layer, cancellationToken: cancellation);
        Changes = Label.Count == 0
            ? found
            : found with { Changes = [.. found.Changes.Select(change => change with { Refusal = change.Refusal ?? RefusalOf(change) })] };
    }

    /// <summary>Why what this layer knows may not come to the place of a change; null where it may.</summary>
    internal string? RefusalOf(Change change) =>
        Label.Count == 0 ? null
        : walls is null ? "what the session's policy said of walls is missing; only discard is left"
        : walls.Forbids(Label, HostPath(change), out string? why) ? why
        : null;

    /// <summary>At the session's end: keeps, to show conflicts with, what changed files were when it started.</summary>
    internal void KeepBases(CancellationToken cancellation) => BaseCollection.Collect(Layer, Changes, cancellation);

    /// <summary>After a decision: compares again, and lets go of what is kept of decided files.</summary>
    internal void Settle()
    {
        Compare();
        BaseCollection.Retain(Layer, Changes);
    }

    public void Dispose() => Layer.Dispose();
}
