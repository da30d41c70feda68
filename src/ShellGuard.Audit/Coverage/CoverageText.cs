namespace ShellGuard.Audit.Coverage;

/// <summary>What a reason says to people.</summary>
internal static class CoverageText
{
    public static string Of(CoverageProblem problem, long count, string? detail) => problem switch
    {
        CoverageProblem.NoEvents => "no event was understood",
        CoverageProblem.OnlySummary => "only a table of counts was recorded; record without -c, or with -C",
        CoverageProblem.NoPayload =>
            "no program of a container was seen to start: it did not start, or a service started it elsewhere or too soon; "
            + "record docker run as root, or runc, crun or podman run itself",
        CoverageProblem.LostEvents => $"the recorder lost {Number(count, "event")}; give it larger buffers",
        CoverageProblem.Interrupted => "it was interrupted; what was seen until then is kept",
        CoverageProblem.CutInput => $"{Number(count, "input")} cut off or damaged in the middle",
        CoverageProblem.CutLog => $"{Number(count, "process", "processes")} had not ended when the log did",
        CoverageProblem.UnknownLines => $"{Number(count, "line")} not understood; they are listed",
        CoverageProblem.TooManyAccesses => $"{Number(count, "access", "accesses")} left out: too many distinct ones",
        CoverageProblem.UnpairedCalls => $"{Number(count, "call")} whose beginning is missing",
        CoverageProblem.UnfinishedCalls => $"{Number(count, "call")} whose end is missing",
        CoverageProblem.NotFollowed =>
            $"{Number(count, "process", "processes")} started but not recorded; record with strace -f",
        CoverageProblem.OverwrittenFiles =>
            $"{Number(count, "process number")} used again: the file of the process before is overwritten; record "
            + "with -f into one file",
        CoverageProblem.AttachedMidRun =>
            $"{Number(count, "process", "processes")} recorded from the middle of the run: what came before is missing",
        CoverageProblem.Detached => $"the recorder left {Number(count, "process", "processes")} before the end",
        CoverageProblem.FilteredByStatus => $"only {detail} calls were recorded; record without -z, -Z and --status",
        CoverageProblem.FilteredCalls =>
            $"some calls only were recorded, and none for {detail}: whether there were any cannot be known; record without -e",
        CoverageProblem.OneAspect => detail!,
        CoverageProblem.IoUring => $"io_uring in use ({Number(count, "call")}): its operations are no system calls",
        CoverageProblem.UntracedClone => $"{Number(count, "child", "children")} that no tracer sees (CLONE_UNTRACED)",
        CoverageProblem.SetUserId =>
            $"{Number(count, "set-user-ID program")} run ({detail}): without their privilege unless root traced them",
        CoverageProblem.TracerAware =>
            $"{Number(count, "call")} by which the program traces itself or finds out that it is traced",
        CoverageProblem.OwnListener =>
            $"{Number(count, "filter")} by which the program decides its own calls, and may hide them; record with --backend ebpf",
        CoverageProblem.Tampered => $"{Number(count, "call")} tampered with by the recorder; they are left out",
        CoverageProblem.UnresolvedPaths =>
            $"{Number(count, "access", "accesses")} to what has no known path: relative, by a descriptor, or in memory; record with strace -y",
        CoverageProblem.CutText => $"{Number(count, "text")} cut by the recorder; record with -s 65535",
        CoverageProblem.UndecodedArguments => $"{Number(count, "call")} with addresses instead of values",
        CoverageProblem.GuessedParents => $"{Number(count, "process", "processes")} whose parent is guessed",
        CoverageProblem.OtherRoot =>
            $"{Number(count, "change")} of the root directory: later paths are as the process saw them",
        _ => problem.ToString(),
    };

    private static string Number(long count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}
