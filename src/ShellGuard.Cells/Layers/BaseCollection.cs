using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>At a session's end: keeps what the host still has from before the session of all that the session changed,
/// and lets go of what it did not change after all.</summary>
internal static class BaseCollection
{
    /// <param name="cancellation">Ends the keeping early, without an error.</param>
    internal static void Collect(Layer layer, LayerChanges changes, CancellationToken cancellation)
    {
        HashSet<string> changed = new(changes.Changes.Select(change => change.Path), StringComparer.Ordinal);
        layer.Bases.Retain(path => IsAtOrBeneath(path, changed));

        // What has changed is looked at more often than what is gone.
        foreach (Change change in changes.Changes.OrderBy(change => change.Kind == ChangeKind.Modified ? 0 : 1))
        {
            if (layer.Bases.IsFull || cancellation.IsCancellationRequested)
            {
                return;
            }

            if (change is { Refusal: null, Host: { } host })
            {
                Keep(layer, change.Path, host, change.Kind, cancellation);
            }
        }
    }

    /// <summary>After a commit or discard: lets go of what is decided.</summary>
    internal static void Retain(Layer layer, LayerChanges left)
    {
        HashSet<string> changed = new(left.Changes.Select(change => change.Path), StringComparer.Ordinal);
        layer.Bases.Retain(path => IsAtOrBeneath(path, changed));
    }

    private static void Keep(
        Layer layer, string path, in FileStatus host, ChangeKind kind, CancellationToken cancellation)
    {
        if (host.IsRegular)
        {
            layer.Bases.Keep(layer, path);
        }
        else if (host.IsDirectory && kind is ChangeKind.Deleted or ChangeKind.Replaced)
        {
            KeepTree(layer, path, 0, cancellation);
        }
    }

    private static void KeepTree(Layer layer, string path, int depth, CancellationToken cancellation)
    {
        LinuxResult result = LayerDirectory.Open(layer.Target, path, out Descriptor directory);
        using (directory)
        {
            List<string> names = [];
            result = result.Failed ? result : DirectoryEntries.List(directory, out names);
            foreach (string name in names)
            {
                if (result.Failed || layer.Bases.IsFull || cancellation.IsCancellationRequested)
                {
                    return;
                }

                string child = LayerPath.Join(path, name);
                if (Files.Status(directory, name, out FileStatus status).Failed)
                {
                    continue;
                }

                if (status.IsRegular)
                {
                    layer.Bases.Keep(layer, child);
                }
                else if (status.IsDirectory && depth < HostSurvey.MaximumDepth)
                {
                    KeepTree(layer, child, depth + 1, cancellation);
                }
            }
        }
    }

    private static bool IsAtOrBeneath(string path, HashSet<string> changed)
    {
        for (; path.Length > 0; path = LayerPath.Parent(path))
        {
            if (changed.Contains(path))
            {
                return true;
            }
        }

        return false;
    }
}
