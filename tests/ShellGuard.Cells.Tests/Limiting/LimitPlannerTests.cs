using ShellGuard.Cells.Limiting;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using Xunit;
using PolicyLimits = ShellGuard.Policy.Model.Limits;

namespace ShellGuard.Cells.Tests.Limiting;

/// <summary>Which limit is held how.</summary>
public sealed class LimitPlannerTests
{
    private static readonly PolicyLimits Everything = new(
        512 << 20, 100, 150, TimeSpan.FromMinutes(90), 256, 1 << 30,
        new Dictionary<string, RuleSource> { ["memory"] = RuleSource.CommandLine("--memory 512MiB") });

    [Fact]
    public void Without_control_groups_a_user_has_processes_and_root_has_not()
    {
        LimitPlan user = LimitPlanner.Plan(Everything, isRoot: false, CgroupHost.None);
        Assert.Equal([LimitKind.Memory, LimitKind.Cpu], user.Unheld.Select(limit => limit.Kind).Order());
        Assert.Equal(101, user.ProcessesPerUser);
        LimitPlan root = LimitPlanner.Plan(Everything, isRoot: true, CgroupHost.None);
        Assert.Equal(
            [LimitKind.Memory, LimitKind.Processes, LimitKind.Cpu], root.Unheld.Select(limit => limit.Kind).Order());
        Assert.Null(root.ProcessesPerUser);
    }

    [Fact]
    public void Every_limit_is_told_with_its_rule()
    {
        LimitPlan plan = LimitPlanner.Plan(Everything, isRoot: false, CgroupHost.None);
        Assert.Equal(6, plan.Limits.Select(limit => limit.Kind).Distinct().Count());
        HeldLimit memory = plan.Limits.Single(limit => limit.Kind is LimitKind.Memory);
        Assert.Equal("--memory 512MiB", memory.Rule?.Text);
        Assert.StartsWith("memory 512 MiB: not held, no control group", memory.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "wall time 01:30:00: a timer that ends the session", plan.Limits.Select(limit => limit.ToString()));
    }

    [Fact]
    public void No_limits_need_nothing()
    {
        LimitPlan plan = LimitPlanner.Plan(PolicyLimits.None, isRoot: true);
        Assert.Empty(plan.Limits);
        Assert.Empty(plan.Groups);
    }

    [Fact]
    public void Values_are_written_as_each_version_wants_them()
    {
        Assert.Equal(
            ["memory.max=536870912", "memory.swap.max=0"], Written(2, "memory", 512 << 20));
        Assert.Equal(
            ["memory.limit_in_bytes=536870912", "memory.memsw.limit_in_bytes=536870912", "memory.swappiness=0"],
            Written(1, "memory", 512 << 20));
        Assert.Equal(["cpu.max=150000 100000"], Written(2, "cpu", 150));
        Assert.Equal(["cpu.cfs_period_us=100000", "cpu.cfs_quota_us=150000"], Written(1, "cpu", 150));

        // The reaper counts too.
        Assert.Equal(["pids.max=101"], Written(2, "pids", 100));
    }

    [Fact]
    public void This_host_holds_every_limit_of_root()
    {
        LimitPlan plan = LimitPlanner.Plan(Everything, isRoot: true);
        Assert.Empty(plan.Unheld);
        Assert.All(plan.Groups, place => Assert.True(Directory.Exists(place.Parent)));
    }

    /// <summary>The root of a hierarchy that gives its children nothing yet, as a host has it that booted a moment ago.
    /// </summary>
    [Fact]
    public void What_a_unified_hierarchy_has_to_give_first_is_in_the_plan()
    {
        string root = Directory.CreateTempSubdirectory("sgt-").FullName;
        File.WriteAllText($"{root}/cgroup.controllers", "cpuset cpu io memory pids\n");
        File.WriteAllText($"{root}/cgroup.subtree_control", "\n");
        File.WriteAllText($"{root}/cgroup.procs", "1\n2\n");
        CgroupHost host = new(root, root, new Dictionary<string, string>(StringComparer.Ordinal));
        CgroupPlace place = Assert.Single(LimitPlanner.Plan(Everything, isRoot: true, host).Groups);
        Assert.Equal(["memory", "pids", "cpu"], place.ToEnable);
        Assert.Equal(
            ["memory.max", "memory.swap.max", "pids.max", "cpu.max"], place.Settings.Select(setting => setting.File));

        // Of a host whose memory controller is another hierarchy's, the others still count.
        File.WriteAllText($"{root}/cgroup.controllers", "cpu pids\n");
        LimitPlan partly = LimitPlanner.Plan(Everything, isRoot: true, host);
        Assert.Equal(["pids", "cpu"], Assert.Single(partly.Groups).ToEnable);
        Assert.Equal([LimitKind.Memory], partly.Unheld.Select(limit => limit.Kind));
        Directory.Delete(root, recursive: true);
    }

    private static IEnumerable<string> Written(int version, string controller, long value) =>
        CgroupSettings.For(version, controller, value).Select(setting => $"{setting.File}={setting.Value}");
}
