using System.Text;
using ShellGuard.Cells.View;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Launching;

public static partial class LaunchBuilder
{
    private const int AT_FDCWD = -100;
    private const int AT_RECURSIVE = 0x8000;

    private static void AddView(LaunchScript script, ViewPlan view)
    {
        script.Add(
            "what the cell mounts stays in the cell", SystemCall.mount,
            "none", "/", Null, Flags(MountFlags.REC | MountFlags.PRIVATE), Null);
        foreach (ViewEntry entry in view.Entries)
        {
            AddEntry(script, entry);
        }

        // From the innermost on: the way to one is still without links when it is followed.
        foreach (ViewEntry.Overlay layer in view.Entries.OfType<ViewEntry.Overlay>().Where(overlay => overlay.Layer is not null).Reverse())
        {
            script.Add(
                "links are followed again", SystemCall.mount_setattr, Named(AT_FDCWD, "AT_FDCWD"), Staging + layer.Target, 0,
                Structures.Numbers("{clear NOSYMFOLLOW}", 0, (ulong)MountAttributes.NOSYMFOLLOW, 0, 0), 32);
        }

        // pivot_root(".", ".") stacks the old root on the new one, from where it is detached, pivot_root(2).
        script.Add("into the new root", SystemCall.chdir, Staging);
        script.Add("the new root is the root", SystemCall.pivot_root, ".", ".");
        script.Add("the old root is gone", SystemCall.umount2, ".", Named(2, "MNT_DETACH"));
        script.Add("nothing is left open to it", SystemCall.chdir, "/");
    }

    private static void AddEntry(LaunchScript script, ViewEntry entry)
    {
        string target = entry.Target == "/" ? Staging : Staging + entry.Target;
        switch (entry)
        {
            case ViewEntry.HostBase:
                script.Add(
                    entry.Because, SystemCall.mount, "/", target, Null, Flags(MountFlags.BIND | MountFlags.REC), Null);
                SetAttributes(
                    script, target, MountAttributes.RDONLY | MountAttributes.NOSUID | MountAttributes.NODEV, entry);
                break;
            case ViewEntry.EmptyBase:
                script.Add(
                    entry.Because, SystemCall.mount, "tmpfs", target, "tmpfs",
                    Flags(MountFlags.NOSUID | MountFlags.NODEV), "mode=755,size=1m");
                break;
            case ViewEntry.Overlay overlay:
                AddOverlay(script, overlay, target);
                break;
            case ViewEntry.WithoutStorage lower:
                AddWithoutStorage(script, lower, target);
                break;
            case ViewEntry.Private directory:
                script.Add(
                    entry.Because, SystemCall.mount, "tmpfs", target, "tmpfs",
                    Flags(MountFlags.NOSUID | MountFlags.NODEV | directory.Flags),
                    $"mode={Convert.ToString(directory.Mode, 8)},size={directory.SizeBytes}");
                break;
            case ViewEntry.Seal:
                SetAttributes(script, target, MountAttributes.RDONLY, entry, recursive: false);
                break;
            case ViewEntry.ReadOnlyInPlace:
                script.Add(
                    entry.Because, SystemCall.mount, target, target, Null, Flags(MountFlags.BIND), Null);
                SetAttributes(script, target, MountAttributes.RDONLY, entry);
                break;
            case ViewEntry.HostBind bind:
                AddBind(script, bind, target);
                break;
            case ViewEntry.Still still:
                AddStill(script, still, target);
                break;
            case ViewEntry.MakeDirectory directory:
                AddDirectories(script, directory, target);
                break;
            case ViewEntry.MakeFile:
                AddParents(script, entry.Target);
                script.Try(
                    entry.Because, SystemCall.mknod, target, Named(0x81a4, "S_IFREG|0644"), 0);
                break;
            case ViewEntry.MakeLink link:
                script.Add(entry.Because, SystemCall.symlink, link.To, target);
                break;
            case ViewEntry.Proc:
                script.Add(
                    entry.Because, SystemCall.mount, "proc", target, "proc",
                    Flags(MountFlags.NOSUID | MountFlags.NODEV | MountFlags.NOEXEC), Null);
                break;
            case ViewEntry.Devpts:
                script.Add(
                    entry.Because, SystemCall.mount, "devpts", target, "devpts",
                    Flags(MountFlags.NOSUID | MountFlags.NOEXEC), "newinstance,ptmxmode=0666,mode=620");
                break;
            default:
                throw new InvalidOperationException($"unknown view entry {entry.GetType().Name}");
        }
    }

    /// <summary>What a layer has was written by a cell, maybe a link to a place of the host: until the view is complete no link
    /// in it is followed, so that nothing is made or mounted where it leads, mount(2) MS_NOSYMFOLLOW.</summary>
    private static void AddOverlay(LaunchScript script, ViewEntry.Overlay overlay, string target)
    {
        MountFlags links = overlay.Layer is null ? MountFlags.None : MountFlags.NOSYMFOLLOW;
        script.Add(
            overlay.Because, SystemCall.mount, "overlay", target, "overlay",
            Flags(MountFlags.NOSUID | MountFlags.NODEV | links), OverlayOptions(overlay));
    }

    /// <summary>The white-out lies in memory, on the mount point itself: the mask of an overlay must not lie beneath
    /// another of its directories either. What is mounted afterwards covers it.</summary>
    private static void AddWithoutStorage(LaunchScript script, ViewEntry.WithoutStorage lower, string target)
    {
        script.Add(
            lower.Because, SystemCall.mount, "tmpfs", target, "tmpfs",
            Flags(MountFlags.NOSUID | MountFlags.NODEV), "mode=755,size=64k");
        string directory = target + "/mask";
        script.Add("a mask", SystemCall.mkdir, directory, Octal(0x1ed));
        string[] parts = lower.Missing.Split('/');
        foreach (string part in parts[..^1])
        {
            directory += "/" + part;
            script.Add("a mask", SystemCall.mkdir, directory, Octal(0x1ed));
        }

        script.Add(
            "no cell sees the sessions", SystemCall.mknod, $"{directory}/{parts[^1]}", Named(0x2000, "S_IFCHR"), 0);
        script.Add(
            lower.Because, SystemCall.mount, "overlay", target, "overlay",
            Flags(MountFlags.NOSUID | MountFlags.NODEV),
            $"lowerdir={Escape(target + "/mask")}:{Escape(lower.Target)},userxattr");
    }

    /// <summary>The file loses its name when it is mounted: the cell cannot write to it under another.</summary>
    private static void AddStill(LaunchScript script, ViewEntry.Still still, string target)
    {
        string file = $"{Staging}/dev/still";
        byte[] content = Encoding.UTF8.GetBytes(still.Content);
        LaunchSlot opened = script.Get(
            "still", still.Because, SystemCall.open, file,
            Named((long)(OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.CLOEXEC), "O_WRONLY|O_CREAT|O_CLOEXEC"), Octal(0x124));
        script.Expect(
            content.Length, still.Because, SystemCall.write, opened,
            new Block(content, [], $"{content.Length} bytes"), content.Length);
        script.Add("written", SystemCall.close, opened);
        script.Add(still.Because, SystemCall.mount, file, target, Null, Flags(MountFlags.BIND), Null);
        SetAttributes(script, target, MountAttributes.RDONLY, still);
        script.Add("under this name only", SystemCall.unlink, file);
    }

    private static void AddBind(LaunchScript script, ViewEntry.HostBind bind, string target)
    {
        script.Add(
            bind.Because, SystemCall.mount, bind.Source, target, Null, Flags(MountFlags.BIND | MountFlags.REC), Null);
        MountAttributes attributes = MountAttributes.NOSUID
            | (bind.Device ? MountAttributes.NOEXEC : MountAttributes.NODEV)
            | (bind.ReadOnly ? MountAttributes.RDONLY : MountAttributes.None);
        SetAttributes(script, target, attributes, bind);
    }

    private static void AddDirectories(LaunchScript script, ViewEntry.MakeDirectory directory, string target)
    {
        AddParents(script, directory.Target);
        script.Try(directory.Because, SystemCall.mkdir, target, Octal(directory.Mode));
    }

    /// <summary>What exists already, as in a layer from before, is fine; what could not be made shows at the step that needs it.
    /// </summary>
    private static void AddParents(LaunchScript script, string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            script.Try("parent directory", SystemCall.mkdir, Staging + path[..slash], Octal(0x1ed));
        }
    }

    private static void SetAttributes(
        LaunchScript script, string target, MountAttributes attributes, ViewEntry entry, bool recursive = true) =>
        script.Add(
            entry.Because, SystemCall.mount_setattr, Named(AT_FDCWD, "AT_FDCWD"), target,
            recursive ? Named(AT_RECURSIVE, "AT_RECURSIVE") : 0,
            Structures.Numbers(() => $"{{set {attributes}}}", (ulong)attributes, 0, 0, 0), 32);

    private static string OverlayOptions(ViewEntry.Overlay overlay)
    {
        string host = overlay.OverView ? Staging + overlay.Lower : overlay.Lower;
        string[] mask = overlay.Mask is null ? [] : [overlay.Mask];
        string lower = string.Join(':', ((string[])[.. mask, .. overlay.Below, host]).Select(Escape));
        string layer = overlay.Layer is null
            ? ""
            : $",upperdir={Escape(overlay.Layer.Upper)},workdir={Escape(overlay.Layer.Work)}";
        return $"lowerdir={lower}{layer},userxattr";
    }

    /// <summary>Overlay options are separated by commas and lower directories by colons; a backslash escapes.</summary>
    private static string Escape(string path) => path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(":", "\\:", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal);

    internal static LaunchArgument Flags(MountFlags flags) =>
        Named((long)flags, () => string.Join('|', flags.ToString().Split(", ").Select(name => $"MS_{name}")));

    internal static LaunchArgument Octal(uint mode) => Named(mode, () => $"0{Convert.ToString(mode, 8)}");
}
