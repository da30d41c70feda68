using System.Globalization;
using ShellGuard.Core.Events;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Limiting;

/// <summary>Turns limits into files of control groups, cgroups(7) and the kernel's admin-guide/cgroup-v1 and
/// cgroup-v2. Pure.</summary>
internal static class CgroupSettings
{
    private const int PeriodMicroseconds = 100_000;

    /// <summary>The controllers, in the order in which they are asked for.</summary>
    public static IReadOnlyList<string> Controllers { get; } = ["memory", "pids", "cpu"];

    /// <summary>The limit that a controller holds.</summary>
    public static LimitKind KindOf(string controller) => controller switch
    {
        "memory" => LimitKind.Memory,
        "pids" => LimitKind.Processes,
        _ => LimitKind.Cpu,
    };

    /// <summary>The value of the policy, or null where it sets none.</summary>
    public static long? ValueOf(LimitKind kind, Limits limits) => kind switch
    {
        LimitKind.Memory => limits.MemoryBytes,
        LimitKind.Processes => limits.Processes,
        _ => limits.CpuPercent,
    };

    /// <summary>What holds a limit.</summary>
    /// <param name="version">1 or 2.</param>
    /// <param name="controller">One of <see cref="Controllers"/>.</param>
    /// <param name="value">The limit.</param>
    public static IReadOnlyList<CgroupSetting> For(int version, string controller, long value)
    {
        LimitKind kind = KindOf(controller);
        return (version, controller) switch
        {
            (2, "memory") =>
            [
                new(kind, controller, "memory.max", Text(value)),
                new(kind, controller, "memory.swap.max", "0", IsOptional: true),
            ],
            (_, "memory") =>
            [
                new(kind, controller, "memory.limit_in_bytes", Text(value)),

                // Memory and swap together; the file is there where the kernel counts swap. It must not be less than
                // the limit of memory alone, so it comes second.
                new(kind, controller, "memory.memsw.limit_in_bytes", Text(value), IsOptional: true),
                new(kind, controller, "memory.swappiness", "0", IsOptional: true),
            ],

            // Process 1 of the cell, the reaper, is ours and counts too.
            (_, "pids") => [new(kind, controller, "pids.max", Text(value + 1))],
            (2, _) => [new(kind, controller, "cpu.max", $"{Text(Quota(value))} {Text(PeriodMicroseconds)}")],
            _ =>
            [
                new(kind, controller, "cpu.cfs_period_us", Text(PeriodMicroseconds)),
                new(kind, controller, "cpu.cfs_quota_us", Text(Quota(value))),
            ],
        };
    }

    private static long Quota(long percent) => percent * PeriodMicroseconds / 100;

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
