using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Making, running, tracing, scheduling and limiting processes.</content>
public sealed partial class SystemCallTable
{
    private static void AddProcesses(SystemCallTableBuilder lines, FilterOptions options)
    {
        lines.Mediate(
            "judged against the executable set and journalled with the file's hash before it happens",
            execve,
            execveat);
        lines.Pass(Holder.Limits, "the process limit bounds it; children keep the filter", fork, vfork);
        lines.Pass(
            Holder.OwnProcess,
            "ends or waits, and threads",
            exit,
            exit_group,
            wait4,
            waitid,
            futex_wake,
            futex_requeue,
            set_tid_address,
            set_robust_list,
            get_robust_list,
            rseq,
            arch_prctl,
            restart_syscall);
        lines.Pass(
            Holder.PidNamespace,
            "names, groups and sessions of processes of the cell",
            getpid,
            gettid,
            getppid,
            getpgid,
            getpgrp,
            setpgid,
            getsid,
            setsid);
        lines.Pass(
            Holder.Limits,
            "scheduling within what the limits give; a better place needs CAP_SYS_NICE",
            sched_yield,
            sched_setparam,
            sched_getparam,
            sched_setscheduler,
            sched_getscheduler,
            sched_setattr,
            sched_getattr,
            sched_setaffinity,
            sched_getaffinity,
            sched_get_priority_max,
            sched_get_priority_min,
            sched_rr_get_interval,
            getpriority,
            setpriority,
            ioprio_set,
            ioprio_get,
            getcpu);
        lines.Pass(
            Holder.Limits,
            "limits can be lowered, not raised",
            getrlimit,
            setrlimit,
            prlimit64,
            getrusage,
            times,
            uname);

        lines.Partly(
            personality,
            FilterOutcome.Deny(Errno.EPERM),
            Holder.Filter,
            "the rest weakens memory protection (READ_IMPLIES_EXEC, MMAP_PAGE_ZERO, ADDR_COMPAT_LAYOUT) or asks for "
            + "another kernel",
            AllowPersonality(uint.MaxValue, "asks which"),
            AllowPersonality((uint)PER.PER_LINUX, "the normal one"),
            AllowPersonality((uint)PER.PER_LINUX32, "uname says i686, for builds"),
            AllowPersonality((uint)PER.UNAME26, "uname says 2.6"),
            AllowPersonality((uint)(PER.PER_LINUX32 | PER.UNAME26), "both"),
            AllowPersonality(
                (uint)PER.ADDR_NO_RANDOMIZE,
                "no address randomization, for debuggers and Lisp; weakens only the process itself"));

        if (options.AllowPtrace)
        {
            lines.Pass(
                Holder.PidNamespace,
                "granted: traces processes of the cell; the filter is asked after the tracer changed a call",
                ptrace,
                kcmp);
        }
        else
        {
            lines.Deny(
                Errno.EPERM,
                "reads, writes and steers another process; a grant allows it inside the cell",
                ptrace);
            lines.Deny(Errno.EPERM, "compares kernel objects of two processes, for tracers", kcmp);
        }

        lines.Deny(
            Errno.EPERM,
            "takes a descriptor out of another process, past every rule about who was given it",
            pidfd_getfd);
        lines.DenySilently(
            Errno.ENOSYS,
            "only the kernel's own trampolines make it, which no filter is asked about",
            uretprobe,
            uprobe);
    }

    private static ArgumentRule AllowPersonality(uint value, string meaning) =>
        new(FilterOutcome.Pass, meaning, [ArgumentTest.Is(0, value)]);
}
