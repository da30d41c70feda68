using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision;

/// <summary>Which file systems are the cell's own: a socket on one of them was made inside.</summary>
internal static class CellDevices
{
    /// <summary>The devices of private directories and overlays, proc_pid_mountinfo(5).</summary>
    /// <param name="inside">The mounts that process 1 of the cell sees, whose view is complete.</param>
    /// <param name="outside">The host's. The host has a tmpfs of its own at /run or /tmp, and the cell's is mounted over it:
    /// what the host has is never the cell's own.</param>
    public static HashSet<ulong> Of(IEnumerable<MountLine> inside, IEnumerable<MountLine> outside, ViewPlan view)
    {
        HashSet<string> own = new(StringComparer.Ordinal);
        foreach (ViewEntry entry in view.Entries)
        {
            if (entry is ViewEntry.Private or ViewEntry.Overlay)
            {
                own.Add(entry.Target);
            }
        }

        HashSet<ulong> devices = [];
        foreach (MountLine mount in inside)
        {
            if (mount.Type is "tmpfs" or "overlay" && own.Contains(mount.Point))
            {
                devices.Add(mount.Device);
            }
        }

        foreach (MountLine mount in outside)
        {
            devices.Remove(mount.Device);
        }

        return devices;
    }
}
