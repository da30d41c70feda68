using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>A file that both the session and the host changed: what it was, and what each made of it.</summary>
/// <param name="Path">See <see cref="LayerPath"/>.</param>
/// <param name="Start">When the session started; null when that was not kept.</param>
/// <param name="Host">On the host now.</param>
/// <param name="Session">In the layer; null where the session deleted it or made something else of it.</param>
public sealed record ThreeWay(string Path, FileVersion? Start, FileVersion Host, FileVersion? Session)
{
    /// <summary>How many files of a deleted directory are looked at.</summary>
    internal const int MostFiles = 50;

    /// <summary>What is to be seen of a conflict.</summary>
    /// <returns>One for a file; for a directory that the session deleted one for each file in it that the host changed,
    /// at most 50; none for links and other things without content.</returns>
    public static IReadOnlyList<ThreeWay> Of(Layer layer, Change change)
    {
        List<ThreeWay> found = [];
        if (change.Host is { IsRegular: true } host)
        {
            FileVersion? mine = change is { Mine: { IsRegular: true } there }
                ? LayerContent.Look(layer, layer.Upper, change.Path, there)
                : null;
            found.Add(new ThreeWay(
                change.Path, layer.Bases.Find(change.Path), LayerContent.Look(layer, layer.Target, change.Path, host), mine));
        }
        else if (change is { Host.IsDirectory: true, Kind: ChangeKind.Deleted or ChangeKind.Replaced })
        {
            Tree(layer, change.Path, 0, found);
        }

        return found;
    }

    private static void Tree(Layer layer, string path, int depth, List<ThreeWay> found)
    {
        LinuxResult result = LayerDirectory.Open(layer.Target, path, out Descriptor directory);
        using (directory)
        {
            List<string> names = [];
            result = result.Failed ? result : DirectoryEntries.List(directory, out names);
            foreach (string name in names)
            {
                // What cannot be looked at is refused by the comparison, with the reason.
                if (result.Failed || found.Count == MostFiles || Files.Status(directory, name, out FileStatus status).Failed)
                {
                    continue;
                }

                string child = LayerPath.Join(path, name);
                if (status.IsRegular && layer.IsChangedByHost(status))
                {
                    found.Add(new ThreeWay(
                        child, layer.Bases.Find(child), LayerContent.Look(layer, layer.Target, child, status), null));
                }
                else if (status.IsDirectory && depth < HostSurvey.MaximumDepth)
                {
                    Tree(layer, child, depth + 1, found);
                }
            }
        }
    }
}
