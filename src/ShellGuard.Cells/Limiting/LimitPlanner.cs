using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Limiting;

/// <summary>Decides what holds each limit of a policy on this host. Makes nothing.</summary>
public static class LimitPlanner
{
    private const string HowTwo = "cgroup v2";
    private const string HowOne = "cgroup v1";

    /// <summary>Looks at the host only where a limit needs it.</summary>
    public static LimitPlan Plan(Limits limits, bool isRoot) => Plan(
        limits,
        isRoot,
        limits is { MemoryBytes: null, Processes: null, CpuPercent: null } ? CgroupHost.None : CgroupHost.Read());

    /// <param name="limits">The policy's.</param>
    /// <param name="isRoot">Whether the cell keeps root's identity, which setrlimit(2) does not bind.</param>
    /// <param name="host">The control groups that this process is in.</param>
    public static LimitPlan Plan(Limits limits, bool isRoot, CgroupHost host)
    {
        List<HeldLimit> held = [];
        List<CgroupPlace> groups = [];
        CgroupFinder finder = new(host);
        List<string> wanted =
        [
            .. CgroupSettings.Controllers
                .Where(name => CgroupSettings.ValueOf(CgroupSettings.KindOf(name), limits) is not null),
        ];

        foreach (string controller in wanted.ToArray())
        {
            if (finder.FindVersion1(controller) is { } parent)
            {
                groups.Add(new CgroupPlace(1, parent, Settings(1, controller, limits)));
                held.Add(Held(controller, limits, LimitHolder.Cgroup1, HowOne, groups[^1]));
                wanted.Remove(controller);
            }
        }

        // All that are left are wanted in one group; where one of them is missing, the others still count.
        foreach (IReadOnlyList<string> attempt in Attempts(wanted))
        {
            if (attempt.Count > 0 && finder.FindVersion2(attempt) is { } place)
            {
                place = place with { Settings = [.. attempt.SelectMany(name => Settings(2, name, limits))] };
                groups.Add(place);
                held.AddRange(attempt.Select(name => Held(name, limits, LimitHolder.Cgroup2, HowTwo, place)));
                wanted.RemoveAll(attempt.Contains);
                break;
            }
        }

        LimitPlan plan = new(held, groups);
        foreach (string controller in wanted)
        {
            plan = AddWithoutGroup(plan, held, controller, limits, isRoot);
        }

        AddOthers(held, limits);
        return plan;
    }

    /// <returns>Lists of their own: a place keeps the one that it was found for.</returns>
    private static IEnumerable<IReadOnlyList<string>> Attempts(List<string> wanted)
    {
        yield return [.. wanted];
        foreach (string left in wanted)
        {
            yield return [.. wanted.Where(name => name != left)];
        }

        foreach (string single in wanted)
        {
            yield return [single];
        }
    }

    private static LimitPlan AddWithoutGroup(
        LimitPlan plan, List<HeldLimit> held, string controller, Limits limits, bool isRoot)
    {
        LimitKind kind = CgroupSettings.KindOf(controller);
        long value = CgroupSettings.ValueOf(kind, limits)!.Value;
        HeldLimit limit = new(kind, value, LimitHolder.Nothing, "no control group that this user may use")
        {
            Rule = RuleOf(kind, limits),
        };

        // Since Linux 5.14 RLIMIT_NPROC counts the user's processes in each user namespace, so in a cell only the
        // cell's own; but the kernel never applies it to user 0, getrlimit(2).
        if (kind is LimitKind.Processes && !isRoot)
        {
            held.Add(limit with { Holder = LimitHolder.ResourceLimit, How = "RLIMIT_NPROC in the cell's user namespace" });
            return plan with { ProcessesPerUser = Math.Min(value + 1, ResourceLimits.Hard(ResourceLimits.Processes)) };
        }

        held.Add(kind is LimitKind.Memory
            ? limit with { How = limit.How + "; RLIMIT_AS limits addresses of single processes, not memory" }
            : limit);
        return plan;
    }

    private static void AddOthers(List<HeldLimit> held, Limits limits)
    {
        if (limits.WallTime is { } time)
        {
            held.Add(new HeldLimit(
                LimitKind.WallTime, (long)time.TotalSeconds, LimitHolder.Supervisor, "a timer that ends the session")
            {
                Rule = RuleOf(LimitKind.WallTime, limits),
            });
        }

        if (limits.OpenFiles is { } files)
        {
            held.Add(new HeldLimit(
                LimitKind.OpenFiles, files, LimitHolder.ResourceLimit, "RLIMIT_NOFILE of each process")
            {
                Rule = RuleOf(LimitKind.OpenFiles, limits),
            });
        }

        if (limits.LayerBytes is { } bytes)
        {
            held.Add(new HeldLimit(
                LimitKind.LayerSize, bytes, LimitHolder.Supervisor, "measured each second; the session is ended")
            {
                Rule = RuleOf(LimitKind.LayerSize, limits),
            });
        }
    }

    private static HeldLimit Held(
        string controller, Limits limits, LimitHolder holder, string version, CgroupPlace place)
    {
        LimitKind kind = CgroupSettings.KindOf(controller);
        CgroupSetting setting = place.Settings.Last(one => one.Kind == kind && !one.IsOptional);
        return new HeldLimit(
            kind, CgroupSettings.ValueOf(kind, limits)!.Value, holder, $"{version} {setting.File} beneath {place.Parent}")
        {
            Rule = RuleOf(kind, limits),
        };
    }

    private static IReadOnlyList<CgroupSetting> Settings(int version, string controller, Limits limits) =>
        CgroupSettings.For(
            version, controller, CgroupSettings.ValueOf(CgroupSettings.KindOf(controller), limits)!.Value);

    /// <summary>The policy knows its sources by the flag's name without the hyphens.</summary>
    private static RuleSource? RuleOf(LimitKind kind, Limits limits) =>
        limits.Sources.GetValueOrDefault(LimitText.Flag(kind)[2..]);
}
