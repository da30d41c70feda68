namespace ShellGuard.Cells.Limiting;

/// <summary>One mount of a control group hierarchy.</summary>
/// <param name="Point">Where.</param>
/// <param name="Root">Which directory of the hierarchy it shows.</param>
/// <param name="Controllers">Of a version 1 hierarchy; null for version 2.</param>
internal sealed record CgroupMount(string Point, string Root, IReadOnlySet<string>? Controllers)
{
    /// <summary>Reads a line of proc_pid_mountinfo(5); null for every other file system.</summary>
    public static CgroupMount? Parse(string line)
    {
        // mount id, parent id, major:minor, root, mount point, options, optional fields…, -, type, source, options
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-");
        if (separator < 6 || separator + 3 >= fields.Length)
        {
            return null;
        }

        return fields[separator + 1] switch
        {
            "cgroup2" => new CgroupMount(fields[4], fields[3], null),
            "cgroup" => new CgroupMount(
                fields[4], fields[3], new HashSet<string>(fields[separator + 3].Split(','), StringComparer.Ordinal)),
            _ => null,
        };
    }

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
