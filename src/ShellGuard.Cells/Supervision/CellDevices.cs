using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision;

/// <summary>Which file systems are the cell's own: a socket on one of them was made inside.</summary>
internal static class CellDevices
{
    /// <summary>Reads the devices of private directories and overlays from the mounts that process 1 sees,
    /// proc_pid_mountinfo(5).</summary>
    /// <param name="init">Process 1 of the cell, whose view is complete.</param>
    public static HashSet<ulong> Of(int init, ViewPlan view)
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
        foreach (string line in File.ReadLines($"/proc/{init}/mountinfo"))
        {
            if (!line.Contains(" - tmpfs ", StringComparison.Ordinal) && !line.Contains(" - overlay ", StringComparison.Ordinal))
            {
                continue;
            }

            // mount id, parent id, major:minor, root, mount point, …, -, type
            string[] fields = line.Split(' ');
            if (own.Contains(fields[4]))
            {
                string[] numbers = fields[2].Split(':');
                devices.Add(ObjectPath.MakeDevice(uint.Parse(numbers[0]), uint.Parse(numbers[1])));
            }
        }

        return devices;
    }
}
