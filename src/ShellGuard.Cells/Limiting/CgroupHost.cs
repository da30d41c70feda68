using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Limiting;

/// <summary>The control groups that this process is in, cgroups(7).</summary>
/// <param name="Unified">This process's directory in the version 2 hierarchy, or null without one.</param>
/// <param name="UnifiedMount">Where that hierarchy is mounted, or null.</param>
/// <param name="Own">This process's directory in each version 1 hierarchy, by controller.</param>
public sealed record CgroupHost(string? Unified, string? UnifiedMount, IReadOnlyDictionary<string, string> Own)
{
    public static CgroupHost None { get; } = new(null, null, new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Looks at this process.</summary>
    public static CgroupHost Read()
    {
        byte[] buffer = new byte[1 << 20];
        string groups = Text("/proc/self/cgroup", buffer);
        return Parse(groups, Text("/proc/self/mountinfo", buffer));
    }

    /// <param name="groups">/proc/self/cgroup: <c>hierarchy:controllers:path</c>.</param>
    /// <param name="mounts">/proc/self/mountinfo, proc_pid_mountinfo(5).</param>
    internal static CgroupHost Parse(string groups, string mounts)
    {
        string? unified = null;
        string? unifiedMount = null;
        Dictionary<string, string> own = new(StringComparer.Ordinal);
        List<CgroupMount> found = [.. MountLine.All(mounts).Select(CgroupMount.From).OfType<CgroupMount>()];
        foreach (string line in groups.Split('\n'))
        {
            string[] fields = line.Split(':', 3);
            if (fields.Length < 3)
            {
                continue;
            }

            if (fields[1].Length == 0)
            {
                CgroupMount? mount = found.Find(mount => mount.Controllers is null && mount.Locate(fields[2]) is not null);
                unified = mount?.Locate(fields[2]);
                unifiedMount = mount?.Point;
                continue;
            }

            foreach (string controller in fields[1].Split(','))
            {
                string? directory = found
                    .Where(mount => mount.Controllers?.Contains(controller) == true)
                    .Select(mount => mount.Locate(fields[2]))
                    .FirstOrDefault(place => place is not null);
                if (directory is not null)
                {
                    own[controller] = directory;
                }
            }
        }

        return new CgroupHost(unified, unifiedMount, own);
    }

    private static string Text(string path, byte[] buffer)
    {
        LinuxResult read = ProcFile.Read(path, buffer);
        return read.Succeeded ? KernelText.Decode(buffer.AsSpan(0, (int)read.Value)) : "";
    }
}
