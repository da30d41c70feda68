using System.Globalization;
using System.Runtime.InteropServices;
using ShellGuard.Core.Events;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Limiting;

/// <summary>The control groups of one session: one directory in each hierarchy that holds a limit. They are gone when
/// this object is disposed; those of a supervisor that was killed are removed by <see cref="CgroupSweeper"/>, and what
/// even that left, because it was killed too, by <see cref="CgroupLeftovers"/>.</summary>
internal sealed class CellCgroup : IDisposable
{
    internal const string Prefix = "shellguard-";
    private const string LeafSuffix = "-supervisor";
    private const long ChargeBatch = 4 << 20;

    /// <summary>In looks.</summary>
    private const int LongestSilence = 120;

    private readonly List<(CgroupPlace Place, string Path)> _groups = [];
    private readonly Dictionary<LimitKind, Telling> _told = [];
    private readonly LimitPlan _plan;
    private string? _left;
    private string? _leaf;
    private CgroupSweeper? _sweeper;

    private CellCgroup(LimitPlan plan) => _plan = plan;

    /// <summary>The directories.</summary>
    public IEnumerable<string> Paths => _groups.Select(group => group.Path);

    /// <summary>Makes the groups that a plan asks for and sets their limits. Nothing is left when it fails.</summary>
    /// <param name="plan">The plan; without groups nothing is made.</param>
    /// <param name="session">The session's name.</param>
    /// <param name="group">The groups, empty when it failed.</param>
    public static LinuxResult Create(LimitPlan plan, string session, out CellCgroup group)
    {
        CellCgroup made = new(plan);
        LinuxResult result = made.Leave(session);
        if (result.Succeeded && plan.Groups.Count > 0)
        {
            result = CgroupSweeper.Start(
                [.. plan.Groups.Select(place => PathOf(place, session)).Distinct(StringComparer.Ordinal)], out made._sweeper);
        }

        foreach (CgroupPlace place in plan.Groups)
        {
            result = result.Failed ? result : made.Make(place, session);
        }

        if (result.Failed)
        {
            made.Dispose();
            group = new CellCgroup(LimitPlan.None);
            return result;
        }

        group = made;
        return default;
    }

    /// <summary>Puts a process, and what it starts from now on, under the limits.</summary>
    public LinuxResult Add(int process)
    {
        foreach ((_, string path) in _groups)
        {
            LinuxResult moved = Move(process, path);
            if (moved.Failed)
            {
                return moved;
            }
        }

        return default;
    }

    /// <summary>Limits that struck since they were last told. A limit that strikes again and again, as in a fork bomb,
    /// is told at once and then in ever longer intervals; a slowed-down cell is told once.</summary>
    /// <param name="last">Tells what is left.</param>
    public IReadOnlyList<LimitStrike> Look(bool last = false)
    {
        List<LimitStrike> strikes = [];
        foreach (HeldLimit limit in _plan.Limits)
        {
            (CgroupPlace Place, string Path) group = _groups.Find(
                candidate => candidate.Place.Settings.Any(setting => setting.Kind == limit.Kind));
            if (group.Path is null)
            {
                continue;
            }

            Telling telling = _told.GetValueOrDefault(limit.Kind, new Telling(0, 0, 1));
            long count = CountOf(limit, group.Place.Version, group.Path);
            if (count == telling.Count || (limit.Kind is LimitKind.Cpu && telling.Count > 0))
            {
                continue;
            }

            if (!last && telling.Silence > 0)
            {
                _told[limit.Kind] = telling with { Silence = telling.Silence - 1 };
                continue;
            }

            strikes.Add(new LimitStrike(limit.Kind, limit.Value, EffectOf(limit.Kind, count - telling.Count)));
            _told[limit.Kind] = new Telling(count, telling.Next, Math.Min(telling.Next * 2, LongestSilence));
        }

        return strikes;
    }

    /// <summary>Removes the groups. A process that is still in one is killed first: the cell is over.</summary>
    public void Dispose()
    {
        foreach ((CgroupPlace place, string path) in _groups)
        {
            Remove(place.Version, path);
        }

        _groups.Clear();
        _sweeper?.Dispose();
        _sweeper = null;
        if (_left is not null)
        {
            // Back to where this process came from; its group can only take it when it gives no controllers.
            foreach (CgroupPlace place in _plan.Groups.Where(place => place.MustLeave))
            {
                CgroupFile.Write(
                    $"{place.Parent}/cgroup.subtree_control", string.Join(' ', place.ToEnable.Select(name => $"-{name}")));
            }

            Move(Environment.ProcessId, _left);
            Files.RemoveDirectory(Sessions.SessionPath.Root, _leaf!);
            _left = null;
        }
    }

    private LinuxResult Make(CgroupPlace place, string session)
    {
        LinuxResult result = default;
        if (place.ToEnable.Count > 0)
        {
            result = CgroupFile.Write(
                $"{place.Parent}/cgroup.subtree_control", string.Join(' ', place.ToEnable.Select(name => $"+{name}")));
        }

        string path = PathOf(place, session);
        result = result.Failed ? result : Files.MakeDirectory(Sessions.SessionPath.Root, path, 0x1ed);

        // Controllers that share a version 1 hierarchy share the directory.
        bool shared = result.Error is Errno.EEXIST && _groups.Exists(group => group.Path == path);
        if (result.Failed && !shared)
        {
            return result;
        }

        _groups.Add((place, path));
        foreach (CgroupSetting setting in place.Settings)
        {
            result = CgroupFile.Write($"{path}/{setting.File}", setting.Value);
            if (result.Failed && !(setting.IsOptional && result.Error is Errno.ENOENT))
            {
                return result;
            }
        }

        return default;
    }

    private static string PathOf(CgroupPlace place, string session) => $"{place.Parent}/{Prefix}{session}";

    /// <summary>A group that gives controllers to others has no process of its own, cgroups(7): where this process stands in
    /// the way, it goes into a group beside the cell's. There is one unified hierarchy, so one such place.</summary>
    private LinuxResult Leave(string session)
    {
        if (_plan.Groups.FirstOrDefault(place => place.MustLeave)?.Parent is not { } parent)
        {
            return default;
        }

        string leaf = $"{parent}/{Prefix}{session}{LeafSuffix}";
        LinuxResult result = Files.MakeDirectory(Sessions.SessionPath.Root, leaf, 0x1ed);
        if (result.Failed)
        {
            return result;
        }

        _left = parent;
        _leaf = leaf;
        return Move(Environment.ProcessId, leaf);
    }

    private static LinuxResult Move(int process, string path) =>
        CgroupFile.Write($"{path}/cgroup.procs", process.ToString(CultureInfo.InvariantCulture));

    private static void Remove(int version, string path)
    {
        // The kernel takes a process out of its group a moment after its end was waited for, cgroups(7).
        for (int attempt = 0; attempt < 200; attempt++)
        {
            LinuxResult removed = Files.RemoveDirectory(Sessions.SessionPath.Root, path);
            if (removed.Error is not Errno.EBUSY)
            {
                return;
            }

            if (attempt == 10 && version == 2)
            {
                // Linux 5.14; without it the end of process 1 has killed everything already.
                CgroupFile.Write($"{path}/cgroup.kill", "1");
            }

            Thread.Sleep(5);
        }
    }

    private static long CountOf(HeldLimit limit, int version, string path) => (limit.Kind, version) switch
    {
        // A kill that the host's own shortage caused is not this limit's: then the limit was never met.
        (LimitKind.Memory, 2) => CgroupFile.Counter($"{path}/memory.events", "max") == 0
            ? 0
            : CgroupFile.Counter($"{path}/memory.events", "oom_kill"),

        // memory.failcnt stays 0 on some kernels; pages are charged in batches, so the peak can miss the limit a bit.
        (LimitKind.Memory, _) => CgroupFile.Number($"{path}/memory.failcnt") == 0
                && CgroupFile.Number($"{path}/memory.max_usage_in_bytes") + ChargeBatch < limit.Value
            ? 0
            : CgroupFile.Counter($"{path}/memory.oom_control", "oom_kill"),
        (LimitKind.Processes, _) => CgroupFile.Counter($"{path}/pids.events", "max"),
        _ => CgroupFile.Counter($"{path}/cpu.stat", "nr_throttled"),
    };

    private static string EffectOf(LimitKind kind, long times) => kind switch
    {
        LimitKind.Memory => times == 1
            ? "the kernel killed a process of the cell"
            : string.Create(CultureInfo.InvariantCulture, $"the kernel killed {times} processes of the cell"),
        LimitKind.Processes => times == 1
            ? "a new process or thread was refused"
            : string.Create(CultureInfo.InvariantCulture, $"new processes or threads were refused {times} times"),
        _ => "the cell is slowed down",
    };

    /// <param name="Count">What has been told.</param>
    /// <param name="Silence">For how many looks nothing more is told.</param>
    /// <param name="Next">How long the silence after the next telling is.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Telling(long Count, int Silence, int Next);
}
