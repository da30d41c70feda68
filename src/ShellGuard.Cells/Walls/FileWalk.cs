using ShellGuard.Cells.Layers;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <summary>Goes through all that this user can list. What they may not list, no cell of theirs can list either.</summary>
/// <param name="mayBe">Whether a name is worth a look, by its inode and its type, which is <see cref="FileType.None"/> where the
/// file system does not say.</param>
/// <param name="visit">Gets the path of each such name, and what is there; also of directories.</param>
internal sealed class FileWalk(Func<ulong, FileType, bool> mayBe, Action<string, FileStatus> visit)
{
    /// <summary>A directory that is left out, with all beneath it.</summary>
    public string Except { get; init; } = "";

    /// <summary>Everything beneath a directory on its file system.</summary>
    /// <param name="mount">The mount that must be in sight there; null for any.</param>
    public void Through(string point, ulong? mount)
    {
        LinuxResult opened = Files.Open(point, OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor root);
        using (root)
        {
            if (opened.Succeeded && Files.Status(root, out FileStatus status).Succeeded && (mount is null || status.Mount == mount))
            {
                Through(root, point);
            }
        }
    }

    private void Through(Descriptor root, string point)
    {
        Stack<string> directories = new([""]);
        while (directories.TryPop(out string? path))
        {
            LinuxResult listed = LayerDirectory.Open(root, path, out Descriptor directory);
            using (directory)
            {
                List<string> names = [];
                listed = listed.Failed ? listed : DirectoryEntries.List(
                    directory, (inode, type) => type is FileType.DIR or FileType.None || mayBe(inode, type), out names);
                if (listed.Failed)
                {
                    continue;
                }

                foreach (string name in names)
                {
                    string own = path.Length == 0 ? name : $"{path}/{name}";
                    string whole = Planning.Paths.Join(point, own);
                    if (whole == Except || Files.Status(directory, name, out FileStatus status).Failed)
                    {
                        continue;
                    }

                    if (mayBe(status.Inode, status.Type))
                    {
                        visit(whole, status);
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
