using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

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
        foreach (string directory in paths.Select(Paths.Parent).Distinct(StringComparer.Ordinal))
        {
            Walk(directory, mount: null, wanted, inodes, found);
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
            Walk(mount.Point, mount.Id, wanted, inodes, found);
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

    /// <summary>Everything beneath a directory on its mount. What this user may not list, no cell of theirs can list
    /// either.</summary>
    /// <param name="mount">The mount that must be in sight there; null for any.</param>
    private static void Walk(
        string point, ulong? mount, IReadOnlyCollection<FileIdentity> wanted, HashSet<ulong> inodes, List<LabelFind> found)
    {
        LinuxResult opened = Files.Open(point, OpenFlags.PATH | OpenFlags.DIRECTORY, out Descriptor root);
        using (root)
        {
            if (opened.Succeeded && Files.Status(root, out FileStatus status).Succeeded
                && (mount is null || status.Mount == mount))
            {
                Walk(root, point, wanted, inodes, found);
            }
        }
    }

    private static void Walk(
        Descriptor root, string point, IReadOnlyCollection<FileIdentity> wanted, HashSet<ulong> inodes, List<LabelFind> found)
    {
        Stack<string> directories = new([""]);
        while (directories.TryPop(out string? path))
        {
            LinuxResult listed = LayerDirectory.Open(root, path, out Descriptor directory);
            using (directory)
            {
                List<string> names = [];
                listed = listed.Failed ? listed : DirectoryEntries.List(
                    directory, (inode, type) => type is FileType.DIR or FileType.None || inodes.Contains(inode), out names);
                if (listed.Failed)
                {
                    continue;
                }

                foreach (string name in names)
                {
                    if (Files.Status(directory, name, out FileStatus status).Failed)
                    {
                        continue;
                    }

                    string own = path.Length == 0 ? name : $"{path}/{name}";
                    FileIdentity file = FileIdentity.Of(status);
                    if (inodes.Contains(status.Inode) && wanted.Contains(file))
                    {
                        found.Add(new LabelFind(Paths.Join(point, own), file, status));
                    }

                    if (status.IsDirectory)
                    {
                        directories.Push(own);
                    }
                }
            }
        }
    }
}
