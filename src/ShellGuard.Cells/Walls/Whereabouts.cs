using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Core.Flow;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>Where files live: in the lobby's view, or in the layer of a label. Only for choosing a cell; what a cell sees is
/// decided by its mounts.</summary>
/// <param name="committed">What of the host has a label.</param>
/// <param name="lobby">The lobby's view.</param>
internal sealed class Whereabouts(WallRules walls, CommittedLabels committed, ViewPlan lobby)
{
    private readonly List<(LabelGroup Group, IReadOnlyList<LayerPlan> Layers)> _labelled = [];

    // Every path is absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();

    /// <summary>A cell with a label has been planned: its layers are there.</summary>
    public void Add(LabelGroup group, ViewPlan view)
    {
        _labelled.RemoveAll(known => known.Group == group);
        _labelled.Add((group, [.. view.Layers, .. view.Kept]));
    }

    /// <summary>The sources that a command needs in order to see what a person means by a path.</summary>
    /// <param name="path">Absolute and normalised, as the lobby sees it.</param>
    public TagSet LabelOf(string path)
    {
        TagSet sources = committed.LabelOf(path, walls.Flow);
        foreach (TaggedResource resource in walls.ResourcesOfPath(path))
        {
            sources |= resource.Sources;
        }

        // In strict mode the lobby learns nothing of what sides made, not even by where its command runs.
        foreach ((LabelGroup group, IReadOnlyList<LayerPlan> layers) in walls.Flow.Strict ? [] : _labelled)
        {
            if (Find(layers, path) is not { } found)
            {
                continue;
            }

            // A directory is in a layer for the sake of anything beneath it.
            if (!found.IsDirectory || !IsInLobby(path))
            {
                sources |= group.Label;
            }
        }

        return sources;
    }

    /// <summary>Whether a cell sees something at a path that the session made.</summary>
    /// <param name="view">The cell's.</param>
    /// <param name="label">What it knows.</param>
    public bool IsMade(string path, ViewPlan view, TagSet label) => Find(
        [
            .. view.Layers, .. view.Kept, .. lobby.Layers, .. lobby.Kept,
            .. _labelled.Where(labelled => labelled.Group.Label.IsSubsetOf(label)).SelectMany(labelled => labelled.Layers),
        ],
        path) is not null;

    private bool IsInLobby(string path) =>
        Find([.. lobby.Layers, .. lobby.Kept], path) is not null || Files.Status(Nowhere, path, out _).Succeeded;

    private static FileStatus? Find(IReadOnlyList<LayerPlan> layers, string path)
    {
        foreach (LayerPlan layer in layers)
        {
            if (Paths.IsBeneath(path, layer.Target)
                && Files.Status(Nowhere, $"{layer.Upper}/{Paths.Below(path, layer.Target)}", out FileStatus status).Succeeded
                && status is not { Type: FileType.CHR, Represents: 0 })
            {
                return status;
            }
        }

        return null;
    }
}
