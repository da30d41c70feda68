using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>What a run used, put together from its processes.</summary>
/// <param name="run">Place of the run, from 0.</param>
public sealed class RunResources(int run)
{
    private double _user;
    private double _system;

    public int Run { get; } = run;

    /// <summary>How many processes there were.</summary>
    public int Processes { get; private set; }

    /// <summary>Microseconds in programs.</summary>
    public long User => Whole(_user);

    /// <summary>Microseconds in the kernel.</summary>
    public long System => Whole(_system);

    /// <summary>KiB: the most that one process had.</summary>
    public long Memory { get; private set; }

    /// <summary>Bytes that calls read; null where it was not recorded, as the next ones.</summary>
    public double? Read { get; private set; }

    public double? Written { get; private set; }

    public double? Fetched { get; private set; }

    public double? Stored { get; private set; }

    private bool IsKnown { get; set; }

    /// <summary>Each run whose recording tells, in their order.</summary>
    public static IReadOnlyList<RunResources> Of(ImportResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        RunIndex runs = new(result);
        RunResources[] all = new RunResources[runs.Count];
        for (int run = 0; run < all.Length; run++)
        {
            all[run] = new RunResources(run);
        }

        foreach (SeenProcess process in result.Processes)
        {
            all[runs[process]].Add(process, process.Parent < 0 ? null : result.Processes[process.Parent]);
        }

        return [.. all.Where(used => used.IsKnown)];
    }

    private void Add(SeenProcess process, SeenProcess? parent)
    {
        Processes++;
        if (process.Use is not { } use)
        {
            return;
        }

        IsKnown = true;
        Memory = Math.Max(Memory, use.Memory);

        // A process that its parent outlived was waited for, and what it used is in what its parent used.
        if (process.End is null || parent is null or { Use: null } || parent.End < process.End)
        {
            _user += use.User;
            _system += use.System;
            Read = Sum(Read, use.Read);
            Written = Sum(Written, use.Written);
            Fetched = Sum(Fetched, use.Fetched);
            Stored = Sum(Stored, use.Stored);
        }
    }

    private static double? Sum(double? sum, long? more) => more is { } bytes ? (sum ?? 0) + bytes : sum;

    private static long Whole(double microseconds) => (long)Math.Min(microseconds, long.MaxValue / 2);
}
