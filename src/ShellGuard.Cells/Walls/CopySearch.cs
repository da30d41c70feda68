using ShellGuard.Cells.Supervision.Exec;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <summary>Whether a file with a label may have been copied where no session saw it, and where such copies are.</summary>
internal static class CopySearch
{
    // Every path is absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();

    /// <summary>File systems that lie on no device of their own, and yet keep files for long.</summary>
    private static readonly string[] WithoutDevice = ["tmpfs", "zfs"];

    /// <summary>File systems on which cp(1) makes two files of the same blocks, ioctl_ficlone(2), which is no reading.</summary>
    private static readonly string[] WithClones = ["btrfs", "xfs", "bcachefs", "ocfs2", "zfs"];

    /// <summary>Looks at a file with a label.</summary>
    /// <param name="known">What it held when it was looked at last; null for the first time.</param>
    /// <param name="unnoted">As <see cref="MountsWithoutTimes"/> gives them.</param>
    /// <param name="wasRead">Whether somebody read it since, or that cannot be told.</param>
    /// <returns>What it holds now; null where it is not there, or no regular file, or not to be read.</returns>
    public static SeenContent? Look(
        string path, FileIdentity identity, SeenContent? known, IReadOnlySet<ulong> unnoted, out bool wasRead)
    {
        wasRead = false;
        LinuxResult opened = Files.Open(path, OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            if (opened.Failed || Files.Status(file, out FileStatus status).Failed || !status.IsRegular || FileIdentity.Of(status) != identity)
            {
                return null;
            }

            TimeSpec read = status.Accessed;
            bool isSame = known is not null && known.Size == status.Size && known.Modified == $"{status.Modified}";
            if ((isSame ? known!.Sha256 : Digest(file)) is not { } digest)
            {
                return null;
            }

            bool isNoted = IsNoted(file, unnoted, ref status);
            wasRead = known is not null && (!isNoted || known.Read != $"{read}" || status.Accessed != read);
            return new SeenContent(status.Size, digest, $"{status.Modified}", isNoted ? $"{status.Accessed}" : "");
        }
    }

    /// <summary>Finds copies, wherever this user can list names on this machine's own file systems.</summary>
    /// <param name="wanted">What they hold, and since when there can be any: a copy is younger than what it was copied from,
    /// by the time of its last change, which no call sets.</param>
    /// <param name="except">A directory that no cell sees.</param>
    /// <exception cref="IOException">The mounts are not known.</exception>
    public static IReadOnlyList<(LabelFind Copy, SeenContent Content)> Find(
        IReadOnlyCollection<(SeenContent Content, TimeSpec Since)> wanted, string except)
    {
        IReadOnlyList<MountLine> mounts = MountLine.Of("self");
        IReadOnlySet<ulong> unnoted = MountsWithoutTimes(mounts);
        ILookup<long, (SeenContent Content, TimeSpec Since)> bySize = wanted.ToLookup(one => one.Content.Size);
        List<(LabelFind, SeenContent)> found = [];
        FileWalk walk = new((_, type) => type is FileType.REG, (path, status) =>
        {
            if (!bySize.Contains(status.Size))
            {
                return;
            }

            string[] digests = [.. bySize[status.Size].Where(one => status.Changed >= one.Since).Select(one => one.Content.Sha256)];
            if (digests.Length > 0 && digests.Contains(DigestOf(path))
                && Look(path, FileIdentity.Of(status), null, unnoted, out _) is { } content)
            {
                found.Add((new LabelFind(path, FileIdentity.Of(status), status), content));
            }
        })
        {
            Except = except,
        };
        HashSet<string> types = [.. WithoutDevice, .. TypesOnDevices()];

        // The root may be an overlay, as in a container. Other overlays are containers' own.
        foreach (MountLine mount in mounts.Where(mount => types.Contains(mount.Type) || mount.Point == "/"))
        {
            walk.Through(mount.Point, mount.Id);
        }

        return found;
    }

    /// <summary>By their numbers: where no reading leaves a time, or a file is copied without reading it.</summary>
    public static IReadOnlySet<ulong> MountsWithoutTimes(IReadOnlyList<MountLine> mounts) => mounts
        .Where(mount => WithClones.Contains(mount.Type) || $"{mount.Options},{mount.SuperOptions}".Split(',').Contains("noatime"))
        .Select(mount => mount.Id).ToHashSet();

    /// <summary>Whether nothing has happened to a file since it was looked at, as far as that can be told.</summary>
    public static bool IsUntouched(in FileStatus status, SeenContent? known, IReadOnlySet<ulong> unnoted) => known is not null
        && known.Size == status.Size && status.Accessed <= status.Changed && !unnoted.Contains(status.Mount)
        && known.Modified == $"{status.Modified}" && known.Read == $"{status.Accessed}";

    /// <summary>Makes sure that the kernel notes who reads next. It does so only where a file changed since it was read last,
    /// or a day later, mount(8) relatime.</summary>
    /// <param name="status">Of the file; as it is afterwards.</param>
    private static bool IsNoted(Descriptor file, IReadOnlySet<ulong> unnoted, ref FileStatus status)
    {
        if (unnoted.Contains(status.Mount))
        {
            return false;
        }

        if (status.Accessed > status.Changed)
        {
            // To the mode that it has: that changes nothing but the time of the last change.
            FileMetadata.SetMode(file, status.Mode);
        }

        return Files.Status(file, out status).Succeeded && status.Accessed <= status.Changed;
    }

    private static string? DigestOf(string path)
    {
        LinuxResult opened = Files.Open(path, OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            return opened.Succeeded ? Digest(file) : null;
        }
    }

    private static string? Digest(Descriptor file)
    {
        string path = FileMetadata.ProcPath(file);
        const OpenFlags Flags = OpenFlags.RDONLY | OpenFlags.NONBLOCK | OpenFlags.CLOEXEC;
        if (Files.Open(path, Flags | OpenFlags.NOATIME, out Descriptor readable) is { Failed: true, Error: Errno.EPERM })
        {
            // Another's file: only its owner reads without leaving a time, open(2).
            Files.Open(path, Flags, out readable);
        }

        using (readable)
        {
            return !readable.IsInvalid ? FileDigests.Hash(readable, out _) : null;
        }
    }

    /// <summary>proc_filesystems(5).</summary>
    private static IEnumerable<string> TypesOnDevices() =>
        File.ReadLines("/proc/filesystems").Where(line => !line.StartsWith("nodev", StringComparison.Ordinal)).Select(line => line.Trim());
}
