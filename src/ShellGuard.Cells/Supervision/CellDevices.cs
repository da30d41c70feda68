using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision;

/// <summary>Which file systems are the cell's own: a socket on one of them was made inside.</summary>
internal static class CellDevices
{
    /// <summary>Reads the devices of private directories and overlays from the mounts that process 1 sees,
    /// proc_pid_mountinfo(5).</summary>
    /// <param name="init">Process 1 of the cell, whose view is complete.</param>
    public static HashSet<ulong> Of(int init, ViewPlan view) =>
        Of(File.ReadLines($"/proc/{init}/mountinfo"), File.ReadLines("/proc/self/mountinfo"), view);

    /// <param name="inside">The cell's mounts.</param>
    /// <param name="outside">The host's. The host has a tmpfs of its own at /run or /tmp, and the cell's is mounted over it:
    /// what the host has is never the cell's own.</param>
    internal static HashSet<ulong> Of(IEnumerable<string> inside, IEnumerable<string> outside, ViewPlan view)
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
        foreach (string line in inside)
        {
            bool madeHere = line.Contains(" - tmpfs ", StringComparison.Ordinal) || line.Contains(" - overlay ", StringComparison.Ordinal);
            if (madeHere && Read(line, out string point) is { } device && own.Contains(point))
            {
                devices.Add(device);
            }
        }

        foreach (string line in outside)
        {
            if (Read(line, out _) is { } device)
            {
                devices.Remove(device);
            }
        }

        return devices;
    }

    private static ulong? Read(string line, out string point)
    {
        // mount id, parent id, major:minor, root, mount point, …, -, type
        string[] fields = line.Split(' ');
        point = fields.Length > 4 ? fields[4] : "";
        return fields.Length > 4 && fields[2].Split(':') is [var major, var minor]
            ? ObjectPath.MakeDevice(uint.Parse(major), uint.Parse(minor))
            : null;
    }
}
