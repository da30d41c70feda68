using System.Collections.Immutable;
using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>What tells of somebody else who sees the same file, or the same machine: free, but in cells that a wall
/// separates.</content>
public sealed partial class SystemCallTable
{
    private const string Mergeable =
        "equal pages become one, and a write to such a page takes longer; the error of a kernel without";

    private const string NumberedPidFd =
        "the inode of a pidfd is the number of processes that the whole machine ever had; the error of a kernel without";

    /// <summary>A lock of fcntl(2) belongs to the table of descriptors. With one table a process, a process of a single
    /// thread cannot exchange a descriptor that is being judged.</summary>
    private static ArgumentRule OneTableAProcess { get; } = new(
        FilterOutcome.Deny(Errno.EPERM),
        "a second process with the same table of descriptors, which could exchange one while it is judged",
        [ArgumentTest.Is(0, (uint)(CLONE.FILES | CLONE.THREAD), (uint)CLONE.FILES)]);

    private static void AddApart(SystemCallTableBuilder lines, FilterOptions options)
    {
        AddLocks(lines, options.Apart);
        AddPageCache(lines, options.Apart);
        AddFutexes(lines, options.Apart);
        if (options.Apart)
        {
            lines.DenySilently(Errno.ENOSYS, NumberedPidFd, pidfd_open);
        }
        else
        {
            lines.Pass(Holder.PidNamespace, "a descriptor of a process of the cell", pidfd_open);
        }

        lines.Partly(
            prctl,
            FilterOutcome.Pass,
            Holder.OwnProcess,
            "settings of the process itself; nothing gives back what no_new_privs and the empty capability sets took",
            [
                new ArgumentRule(
                    FilterOutcome.Deny(Errno.EPERM),
                    "PR_SET_MM forges /proc/PID/exe and the command line, by which the supervisor names processes",
                    [ArgumentTest.Is(0, (uint)PR.SET_MM)]),
                .. When(options.Apart, Errno.EINVAL, Mergeable, ArgumentTest.Is(0, (uint)PR.SET_MEMORY_MERGE)),
            ]);
        if (options.Apart)
        {
            lines.Mediate("counts what the whole machine has; answered with what it had when the session began", sysinfo);
        }
        else
        {
            lines.Pass(Holder.Limits, "tells what the machine has", sysinfo);
        }
    }

    private static void AddLocks(SystemCallTableBuilder lines, bool apart)
    {
        lines.Partly(
            fcntl,
            FilterOutcome.Pass,
            Holder.Descriptors,
            "changes flags, duplicates, locks",
            [
                new ArgumentRule(
                    FilterOutcome.Deny(Errno.EINVAL),
                    "a lease on a file of the read-only base would stall its writers outside; the error of file systems "
                    + "without leases",
                    [ArgumentTest.Is(1, (uint)F.SETLEASE)]),
                .. Lock(apart, F.GETLK),
                .. Lock(apart, F.SETLK),
                .. Lock(apart, F.SETLKW),
                .. OpenFileLock(apart, F.OFD_GETLK),
                .. OpenFileLock(apart, F.OFD_SETLK),
                .. OpenFileLock(apart, F.OFD_SETLKW),
                .. When(
                    apart, Errno.EINVAL, "tells what others do in a directory; the error of a kernel without",
                    ArgumentTest.Is(1, (uint)F.NOTIFY)),
                .. When(
                    apart, Errno.EPERM, "the size of a named pipe is everybody's who has it open, also for reading; the "
                    + "error of fs.pipe-max-size",
                    ArgumentTest.Is(1, (uint)F.SETPIPE_SZ)),
            ]);
        if (apart)
        {
            lines.Mediate("a lock is seen by whoever has the same file: judged by the file, and done by the supervisor", flock);
            lines.Mediate("tells what others do with a file: judged by the file, and done by the supervisor", inotify_add_watch);
        }
        else
        {
            lines.Pass(Holder.Descriptors, "locks what is open", flock);
            lines.Pass(Holder.View, LooksAt, inotify_add_watch);
        }
    }

    private static void AddPageCache(SystemCallTableBuilder lines, bool apart)
    {
        const string Asynchronous =
            "asynchronous reads and writes of open descriptors; unlike io_uring it cannot open, connect or send";
        const string Cached = "tells which pages of a file are in memory, for whoever reads it; programs do without";
        lines.Partly(
            preadv2,
            FilterOutcome.Pass,
            Holder.Descriptors,
            "moves bytes",
            [.. When(
                apart, Errno.EOPNOTSUPP, "RWF_NOWAIT tells which pages of a file are in memory; the error of file systems "
                + "without it",
                ArgumentTest.HasAny(5, (uint)RWF.NOWAIT))]);
        lines.Partly(
            madvise,
            FilterOutcome.Pass,
            Holder.OwnProcess,
            "own address space",
            [.. When(apart, Errno.EINVAL, Mergeable, ArgumentTest.Is(2, (uint)MADV.MERGEABLE))]);
        lines.Pass(Holder.Descriptors, Asynchronous, io_destroy, io_submit, io_cancel, io_getevents, io_pgetevents);
        if (apart)
        {
            lines.DenySilently(
                Errno.ENOSYS, "asynchronous reads can ask, behind a pointer, not to wait for what is not in memory", io_setup);
            lines.DenySilently(Errno.ENOSYS, Cached, mincore, cachestat);
        }
        else
        {
            lines.Pass(Holder.Descriptors, Asynchronous, io_setup);
            lines.Pass(Holder.OwnProcess, "own address space", mincore);
            lines.Pass(Holder.Descriptors, "asks or changes what is open", cachestat);
        }
    }

    /// <summary>Who waits for a futex without FUTEX_PRIVATE_FLAG can be woken by whoever has the same page of a file.</summary>
    private static void AddFutexes(SystemCallTableBuilder lines, bool apart)
    {
        const string Own = "ends or waits, and threads";
        const string Newer = "waits for futexes where others may be able to wake; programs do without";
        lines.Partly(
            futex,
            FilterOutcome.Pass,
            Holder.OwnProcess,
            Own,
            [
                .. Wait(apart, FUTEX.WAIT),
                .. Wait(apart, FUTEX.WAIT_BITSET),
                .. When(
                    apart, Errno.ENOSYS, "FUTEX_WAIT_REQUEUE_PI between processes; programs do without",
                    SharedFutex(FUTEX.WAIT_REQUEUE_PI)),
            ]);
        if (apart)
        {
            lines.DenySilently(Errno.ENOSYS, Newer, futex_wait, futex_waitv);
        }
        else
        {
            lines.Pass(Holder.OwnProcess, Own, futex_wait, futex_waitv);
        }
    }

    private static ImmutableArray<ArgumentRule> Wait(bool apart, FUTEX operation) => apart
        ? [new ArgumentRule(
            FilterOutcome.Mediate,
            $"FUTEX_{operation} between processes, of which others may be in another cell where the page is of a file: the supervisor waits",
            [SharedFutex(operation)])]
        : [];

    private static ArgumentTest SharedFutex(FUTEX operation) =>
        ArgumentTest.Is(1, ~(uint)FUTEX.CLOCK_REALTIME, (uint)operation);

    /// <summary>A number that counts what the whole machine does.</summary>
    private static ImmutableArray<ArgumentRule> Counted(bool apart, SO option) => !apart ? [] :
    [
        new ArgumentRule(
            FilterOutcome.DenySilently(Errno.ENOPROTOOPT),
            $"SO_{option} counts sockets, namespaces or processes of the whole machine; the error of a kernel without",
            [ArgumentTest.Is(1, (uint)SOL.SOCKET), ArgumentTest.Is(2, (uint)option)]),
    ];

    private static ImmutableArray<ArgumentRule> Lock(bool apart, F command) => apart
        ? [new ArgumentRule(
            FilterOutcome.Mediate, $"F_{command} is seen by whoever has the same file: judged by the file",
            [ArgumentTest.Is(1, (uint)command)])]
        : [];

    private static ImmutableArray<ArgumentRule> OpenFileLock(bool apart, F command) => When(
        apart, Errno.EINVAL, $"F_{command} is seen by whoever has the same file; the error of a kernel without such locks",
        ArgumentTest.Is(1, (uint)command));

    private static ImmutableArray<ArgumentRule> When(bool apart, Errno error, string meaning, ArgumentTest test) =>
        apart ? [new ArgumentRule(FilterOutcome.DenySilently(error), meaning, [test])] : [];
}
