using System.Globalization;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Limiting;

/// <summary>Finds where this user may make control groups.</summary>
/// <param name="host">The groups that this process is in.</param>
internal sealed class CgroupFinder(CgroupHost host)
{
    /// <summary>The place in the controller's own version 1 hierarchy: beneath this process's group, so that what
    /// limits this process limits the cell too.</summary>
    public string? FindVersion1(string controller) =>
        host.Own.TryGetValue(controller, out string? own) && Files.MayWrite(own, own) ? own : null;

    /// <summary>The place in the version 2 hierarchy that has every one of the controllers, or null. The nearest group
    /// above this process that gives them to its children already; else this process's own, if it can be made to.
    /// </summary>
    public CgroupPlace? FindVersion2(IReadOnlyList<string> controllers)
    {
        if (host is not { Unified: { } own, UnifiedMount: { } mount })
        {
            return null;
        }

        for (string group = own; ; group = group[..group.LastIndexOf('/')])
        {
            // To move a process the mover must be able to write the group above both places, cgroups(7).
            if (Gives(group, controllers) && Files.MayWrite(group, group)
                && Files.MayWrite($"{group}/cgroup.procs", group))
            {
                return new CgroupPlace(2, group, []);
            }

            if (group.Length <= mount.Length)
            {
                break;
            }
        }

        return Enabled(own, controllers) ?? (own == mount ? null : Enabled(mount, controllers, rootOnly: true));
    }

    private static CgroupPlace? Enabled(string group, IReadOnlyList<string> controllers, bool rootOnly = false)
    {
        // The root of the hierarchy has no cgroup.type; it alone may have processes and give controllers.
        bool isRoot = CgroupFile.Read($"{group}/cgroup.type").Length == 0;
        if ((rootOnly && !isRoot)
            || !Files.MayWrite($"{group}/cgroup.subtree_control", group)
            || controllers.Except(CgroupFile.Words($"{group}/cgroup.controllers"), StringComparer.Ordinal).Any())
        {
            return null;
        }

        string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        bool alone = CgroupFile.Words($"{group}/cgroup.procs") is [var only] && only == self;
        bool empty = CgroupFile.Words($"{group}/cgroup.procs").Length == 0;
        return isRoot || alone || empty
            ? new CgroupPlace(2, group, []) { ToEnable = controllers, MustLeave = alone && !isRoot }
            : null;
    }

    private static bool Gives(string group, IReadOnlyList<string> controllers) =>
        !controllers.Except(CgroupFile.Words($"{group}/cgroup.subtree_control"), StringComparer.Ordinal).Any();
}
