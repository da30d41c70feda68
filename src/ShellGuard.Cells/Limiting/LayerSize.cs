using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Limiting;

/// <summary>How much a session's layers take on the disk. A look at a tree that the cell changes meanwhile: exact when
/// the cell is at rest. Files that are deleted but still open are not seen.</summary>
internal sealed class LayerSize
{
    /// <summary>One open descriptor for each level.</summary>
    private const int DeepestLevel = 256;
    private const int BlockBytes = 512;

    private const OpenFlags Listing =
        OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    private readonly long _enough;
    private readonly HashSet<(ulong Device, ulong Inode)> _linked = [];

    private LayerSize(long enough) => _enough = enough;

    private long Bytes { get; set; }

    /// <summary>Adds up what the directories hold.</summary>
    /// <param name="directories">Upper directories.</param>
    /// <param name="enough">Stops when more than this is found.</param>
    /// <param name="bytes">Allocated bytes; each inode once.</param>
    /// <returns>An error where a part could not be measured: a directory that its modes shut, or nested deeper than
    /// 256 levels.</returns>
    public static LinuxResult Measure(IEnumerable<string> directories, long enough, out long bytes)
    {
        LayerSize size = new(enough);
        LinuxResult result = default;
        foreach (string directory in directories)
        {
            LinuxResult opened = Files.Open(directory, Listing, out Descriptor root);
            using (root)
            {
                LinuxResult measured = opened.Failed ? opened : size.Add(root, 0);
                result = measured.Failed && result.Succeeded ? measured with { Subject = directory } : result;
            }
        }

        bytes = size.Bytes;
        return result;
    }

    private LinuxResult Add(Descriptor directory, int depth)
    {
        LinuxResult result = DirectoryEntries.List(directory, out List<string> names);
        foreach (string name in names)
        {
            // What is gone meanwhile takes no room.
            if (result.Failed || Bytes > _enough || Files.Status(directory, name, out FileStatus status).Failed)
            {
                continue;
            }

            if (status.Links == 1 || status.IsDirectory || _linked.Add((status.Device, status.Inode)))
            {
                Bytes += status.Blocks * BlockBytes;
            }

            if (status.IsDirectory)
            {
                result = Descend(directory, name, depth + 1);
            }
        }

        return result;
    }

    private LinuxResult Descend(Descriptor directory, string name, int depth)
    {
        if (depth > DeepestLevel)
        {
            return new LinuxResult(-1, Errno.ELOOP, SystemCall.openat, name);
        }

        LinuxResult opened = Files.Open(directory, name, Listing, out Descriptor child);
        using (child)
        {
            return opened.Error is Errno.ENOENT or Errno.ENOTDIR ? default : opened.Failed ? opened : Add(child, depth);
        }
    }
}
