using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports.Findings;

namespace ShellGuard.Audit.Reports;

/// <summary>What a run used, put together from its processes.</summary>
/// <param name="Run">Place of the run, from 0.</param>
/// <param name="Processes">How many there were.</param>
/// <param name="User">Microseconds in programs.</param>
/// <param name="System">Microseconds in the kernel.</param>
/// <param name="Memory">KiB: the most that one process had.</param>
/// <param name="Read">Bytes; null where it was not recorded, as the next ones.</param>
public sealed record RunResources(int Run, int Processes, long User, long System, long Memory, double? Read, double? Written, double? Fetched, double? Stored)
{
    /// <returns>Null where the recording does not tell.</returns>
    public static RunResources? Of(ImportResult result, int run)
    {
        ArgumentNullException.ThrowIfNull(result);
        int processes = 0;
        double user = 0, system = 0;
        long memory = 0;
        double? read = null, written = null, fetched = null, stored = null;
        bool any = false;
        foreach (SeenProcess process in result.Processes)
        {
            if (Timeline.RunOf(result, process) != run)
            {
                continue;
            }

            processes++;
            if (process.Use is not { } use)
            {
                continue;
            }

            any = true;
            memory = Math.Max(memory, use.Memory);

            // A process that its parent outlived was waited for, and what it used is in what its parent used.
            if (process.Parent < 0 || process.End is null || result.Processes[process.Parent] is { Use: null } || result.Processes[process.Parent].End < process.End)
            {
                user += use.User;
                system += use.System;
                read = Sum(read, use.Read);
                written = Sum(written, use.Written);
                fetched = Sum(fetched, use.Fetched);
                stored = Sum(stored, use.Stored);
            }
        }

        return any ? new RunResources(run, processes, Whole(user), Whole(system), memory, read, written, fetched, stored) : null;
    }

    private static double? Sum(double? sum, long? more) => more is { } bytes ? (sum ?? 0) + bytes : sum;

    private static long Whole(double microseconds) => (long)Math.Min(microseconds, long.MaxValue / 2);
}
