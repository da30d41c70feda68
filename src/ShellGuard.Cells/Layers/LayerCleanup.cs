using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Takes out of a layer what the host has now. What was planted stays, so that a later look at the layer is
/// the same; a directory that replaces the host's stays whole until all in it is decided, because without its marks
/// the host's entries would count as deleted.</summary>
internal sealed class LayerCleanup(Layer layer, Action<string> step)
{
    private readonly HashSet<string> _removable = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pinned = new(StringComparer.Ordinal);

    /// <returns>What went wrong, or null.</returns>
    internal string? Run(LayerChanges changes, List<CommitEntry> entries, IReadOnlyList<string>? paths)
    {
        foreach (CommitEntry entry in entries)
        {
            if (entry.Outcome == CommitOutcome.Committed)
            {
                _removable.Add(entry.Path);
            }
        }

        foreach (string path in changes.Settled)
        {
            if (paths is null || paths.Any(selected => LayerPath.IsAtOrBeneath(path, selected)
                || LayerPath.IsAtOrBeneath(selected, path)))
            {
                _removable.Add(path);
            }
        }

        foreach (Change change in changes.Changes)
        {
            if (!_removable.Contains(change.Path))
            {
                for (string path = change.Path; _pinned.Add(path) && path.Length > 0;)
                {
                    path = LayerPath.Parent(path);
                }
            }
        }

        foreach (PlantedEntry planted in layer.Metadata.Planted)
        {
            for (string path = planted.Path; _pinned.Add(path) && path.Length > 0;)
            {
                path = LayerPath.Parent(path);
            }
        }

        LinuxResult result = Clean(layer.Upper, "");
        return result.Failed
            ? $"all is committed, but the layer could not be emptied: {SafeText.Escape(result.ToString())}"
            : null;
    }

    private LinuxResult Clean(Descriptor directory, string path)
    {
        LinuxResult result = DirectoryEntries.List(directory, out List<string> names);
        foreach (string name in names)
        {
            string child = LayerPath.Join(path, name);
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(directory, name, out status);
            if (result.Failed)
            {
                return result;
            }

            result = status.IsDirectory
                ? CleanDirectory(directory, child, status)
                : Remove(directory, child, SystemCall.unlink);
        }

        return result;
    }

    private LinuxResult CleanDirectory(Descriptor parent, string path, in FileStatus status)
    {
        // A directory that cannot be gone through was refused by the comparison and is pinned with all beneath it.
        if (!_removable.Contains(path) && !_pinned.Contains(path))
        {
            return default;
        }

        LinuxResult result = ModeLoan.OpenDirectory(
            layer, parent, path, status, out Descriptor directory, out ModeLoan.Borrowed loan);
        using (loan)
        using (directory)
        {
            if (result.Failed)
            {
                return _pinned.Contains(path) ? default : result;
            }

            bool isOpaque = Attributes.Get(directory, "user.overlay.opaque", out byte[] mark).Succeeded
                && mark.AsSpan().SequenceEqual("y"u8);
            if (isOpaque && _pinned.Contains(path))
            {
                return default;
            }

            if (isOpaque)
            {
                // All beneath is equal to the host's, so the mark can go; and it goes first: a crash that left it over
                // an emptied directory would make the next commit delete what this one brought.
                step($"take the mark off {path}");
                result = Attributes.Remove(directory, "user.overlay.opaque");
            }

            result = result.Failed ? result : Clean(directory, path);
        }

        if (result.Failed)
        {
            return result;
        }

        result = Remove(parent, path, SystemCall.rmdir);
        return result.Error == Errno.ENOTEMPTY ? default : result;
    }

    private LinuxResult Remove(Descriptor parent, string path, SystemCall how)
    {
        if (!_removable.Contains(path) || _pinned.Contains(path))
        {
            return default;
        }

        step($"take {path} out of the layer");
        string name = LayerPath.Name(path);
        return how == SystemCall.rmdir ? Files.RemoveDirectory(parent, name) : Files.Unlink(parent, name);
    }
}
