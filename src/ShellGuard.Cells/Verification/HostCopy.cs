using System.Globalization;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Cells.Launching.LaunchBuilder;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Verification;

/// <summary>The host's files as a process of root sees them that may change all of them and changes none: an overlay over
/// each mount, whose changes lie in memory and end with the process.</summary>
/// <remarks>Devices, processes, the kernel's settings and sockets in /run are the host's own: a copy of a socket leads
/// nowhere.</remarks>
internal static class HostCopy
{
    private static readonly string[] Shared = ["/dev", "/proc", "/run", "/sys"];

    /// <param name="stage">A directory that what is made is mounted on; only the process sees it.</param>
    /// <param name="kept">A directory whose files are the host's own, and so outlive the process.</param>
    /// <param name="directory">Where the process starts.</param>
    /// <param name="user">Whom the entries are for.</param>
    /// <param name="entries">What the user may do in the copy; what is the host's own gets none.</param>
    public static void Add(
        LaunchScript script, string stage, string kept, string directory, Account? user, IReadOnlyList<AccessEntry> entries)
    {
        script.Namespaces |= CloneFlags.NEWNS;
        script.Add("what is mounted is mounted for it only", SystemCall.mount, "none", "/", Null, Flags(MountFlags.REC | MountFlags.PRIVATE), Null);
        script.Add("its changes lie in memory", SystemCall.mount, "tmpfs", stage, "tmpfs", Flags(MountFlags.None), "mode=755");
        string root = $"{stage}/root";
        script.Add("its root", SystemCall.mkdir, root, Octal(0x1ed));
        int number = 0;
        foreach (string point in MountPoints())
        {
            AddMount(script, stage, root, point, number++);
        }

        // Before anything of the host's own is mounted there: no link leads to that.
        LaunchSlot copy = script.Get(
            "copy", "the copy", SystemCall.openat, Named(-100, "AT_FDCWD"), root, Named(0x290000, "O_PATH|O_CLOEXEC|O_DIRECTORY"), 0);
        foreach (AccessEntry entry in user is null ? [] : entries)
        {
            AddEntry(script, copy, entry, user!.Uid);
        }

        foreach (string shared in Shared)
        {
            script.Add("the host's own", SystemCall.mount, shared, root + shared, Null, Flags(MountFlags.BIND | MountFlags.REC), Null);
        }

        script.Add("what is kept", SystemCall.mount, kept, root + kept, Null, Flags(MountFlags.BIND), Null);

        // pivot_root(".", ".") stacks the old root on the new one, from where it is detached, pivot_root(2).
        script.Add("into the copy", SystemCall.chdir, root);
        script.Add("the copy is the root", SystemCall.pivot_root, ".", ".");
        script.Add("the old root is gone", SystemCall.umount2, ".", Named(2, "MNT_DETACH"));
        script.Add("where it was called", SystemCall.chdir, directory);
    }

    /// <summary>Whether a path is a file of the copy, where an entry changes nothing of the host.</summary>
    public static bool Has(string path)
    {
        if (Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor opened).Failed)
        {
            return false;
        }

        using Descriptor file = opened;
        return ProcFile.ReadLink(FileMetadata.ProcPath(file)) is { } real
            && !Array.Exists(Shared, shared => Paths.IsAtOrBeneath(KernelText.Decode(real), shared));
    }

    private static void AddEntry(LaunchScript script, LaunchSlot copy, AccessEntry entry, uint user)
    {
        const ulong beneathIt = (ulong)(ResolveFlags.IN_ROOT | ResolveFlags.NO_MAGICLINKS);
        if (Files.Open(entry.Path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor opened).Failed)
        {
            return;
        }

        using Descriptor file = opened;
        Files.Status(file, out FileStatus status).OrThrow();

        // Without a list there is no such attribute.
        Attributes.Get(file, AccessList.Attribute, out byte[] known);
        byte[] list = AccessList.With(known, status.Mode, user, entry.Rights);
        LaunchSlot place = script.Get(
            "file", $"the copy of {entry.Path}", SystemCall.openat2, copy, entry.Path,
            Structures.Numbers("{O_RDONLY|O_NONBLOCK|O_CLOEXEC, 0, RESOLVE_IN_ROOT}", 0x80800, 0, beneathIt), 24);
        script.Add(
            "its access control list", SystemCall.fsetxattr, place, AccessList.Attribute, new Block(list, [], "[list]"), list.Length, 0);
    }

    private static void AddMount(LaunchScript script, string stage, string root, string point, int number)
    {
        if (Files.Open(point, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor opened).Failed)
        {
            return;
        }

        using Descriptor file = opened;
        string target = point == "/" ? root : root + point;
        if (Files.Status(file, out FileStatus status).Failed || !status.IsDirectory)
        {
            script.Add("a file of the host", SystemCall.mount, point, target, Null, Flags(MountFlags.BIND), Null);
            script.Add(
                "which stays as it is", SystemCall.mount, "none", target, Null, Flags(MountFlags.BIND | MountFlags.REMOUNT | MountFlags.RDONLY), Null);
            return;
        }

        string upper = string.Create(CultureInfo.InvariantCulture, $"{stage}/upper-{number}");
        string work = string.Create(CultureInfo.InvariantCulture, $"{stage}/work-{number}");
        script.Add("for changes", SystemCall.mkdir, upper, Octal(0x1c0));
        script.Add("as the host's", SystemCall.chown, upper, status.Owner, status.Group);
        script.Add("as the host's", SystemCall.chmod, upper, Octal(status.Mode & 0xfff));
        script.Add("for the overlay", SystemCall.mkdir, work, Octal(0x1c0));
        script.Add(
            $"a copy of {point}", SystemCall.mount, "overlay", target, "overlay", Flags(MountFlags.None),
            $"lowerdir={Escaped(point)},upperdir={upper},workdir={work}");
    }

    /// <summary>What is mounted and not covered by another mount, from the root down.</summary>
    private static List<string> MountPoints()
    {
        List<string> points = [];
        foreach (MountLine mount in MountLine.Of("self"))
        {
            string point = mount.Point;
            if (!Array.Exists(Shared, shared => Paths.IsAtOrBeneath(point, shared)) && !points.Contains(point))
            {
                points.Add(point);
            }
        }

        points.Sort(StringComparer.Ordinal);
        return points;
    }

    // Colons separate layers and commas options; a backslash makes them part of the name, fs/overlayfs/params.c.
    private static string Escaped(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
