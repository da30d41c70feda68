using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Walls;

/// <summary>Looks for files by what they are: first in the directories that they were in, and where not all of their names
/// are there, in everything on their file systems that this user can list.</summary>
internal static class LabelSearch
{
    /// <param name="wanted">What is looked for.</param>
    /// <param name="near">The paths, there or not, that it had.</param>
    /// <exception cref="IOException">The mounts are not known.</exception>
    public static IReadOnlyList<LabelFind> Find(IReadOnlyCollection<FileIdentity> wanted, IEnumerable<string> near)
    {
        HashSet<ulong> inodes = [.. wanted.Select(file => file.Inode)];
        string[] paths = [.. near];
        List<LabelFind> found = [];
        FileWalk walk = new((inode, _) => inodes.Contains(inode), (path, status) =>
        {
            FileIdentity file = FileIdentity.Of(status);
            if (wanted.Contains(file))
            {
                found.Add(new LabelFind(path, file, status));
            }
        });
        foreach (string directory in paths.Select(Paths.Parent).Distinct(StringComparer.Ordinal))
        {
            walk.Through(directory, mount: null);
        }

        found = [.. found.DistinctBy(find => find.Path)];
        if (wanted.All(file => HasAllNames(file, found)))
        {
            return found;
        }

        IReadOnlyList<MountLine> mounts = MountLine.Of("self");
        HashSet<ulong> devices = [.. paths.Select(path => DeviceOf(path, mounts))];
        found.Clear();
        foreach (MountLine mount in mounts.Where(mount => devices.Contains(mount.Device)))
        {
            walk.Through(mount.Point, mount.Id);
        }

        return found;
    }

    private static bool HasAllNames(FileIdentity file, List<LabelFind> found)
    {
        List<LabelFind> names = found.FindAll(find => find.File == file);
        return names.Count > 0 && (names[0].Status.IsDirectory || names.Count >= names[0].Status.Links);
    }

    /// <summary>Of the file system that a path lies on. Of two mounts at one point the later one is in sight.</summary>
    private static ulong DeviceOf(string path, IReadOnlyList<MountLine> mounts)
    {
        MountLine? best = null;
        foreach (MountLine mount in mounts.Where(mount => Paths.IsAtOrBeneath(path, mount.Point)))
        {
            best = best is null || mount.Point.Length >= best.Point.Length ? mount : best;
        }

        return best?.Device ?? throw new IOException($"no mount has {path}");
    }
}
