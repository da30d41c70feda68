using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Limiting;

/// <summary>One mount of a control group hierarchy.</summary>
/// <param name="Point">Where.</param>
/// <param name="Root">Which directory of the hierarchy it shows.</param>
/// <param name="Controllers">Of a version 1 hierarchy; null for version 2.</param>
internal sealed record CgroupMount(string Point, string Root, IReadOnlySet<string>? Controllers)
{
    /// <returns>Null for every other file system.</returns>
    public static CgroupMount? From(MountLine mount) => mount.Type switch
    {
        "cgroup2" => new CgroupMount(mount.Point, mount.Root, null),
        "cgroup" => new CgroupMount(
            mount.Point, mount.Root, new HashSet<string>(mount.SuperOptions.Split(','), StringComparer.Ordinal)),
        _ => null,
    };

    /// <summary>Where a group of the hierarchy is seen, or null when the mount does not show it.</summary>
    /// <param name="group">As /proc/PID/cgroup has it.</param>
    public string? Locate(string group)
    {
        // "/.." is a group outside of this process's cgroup namespace, cgroup_namespaces(7).
        if (group.StartsWith("/..", StringComparison.Ordinal))
        {
            return null;
        }

        if (Root == "/" || Root == group)
        {
            string below = Root == "/" ? group.TrimEnd('/') : "";
            return Point + below;
        }

        return group.StartsWith(Root + "/", StringComparison.Ordinal) ? Point + group[Root.Length..] : null;
    }
}
