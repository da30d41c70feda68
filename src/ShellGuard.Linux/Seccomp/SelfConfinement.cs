using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Takes from the running process, for good, what reading hostile data does not need: after this it works with
/// the descriptors that are open, and memory, and time. All threads, those that run and those that come.</summary>
public static unsafe class SelfConfinement
{
    private const uint O_PATH = 0x200000;

    /// <summary>O_ACCMODE, O_CREAT, O_TRUNC and what O_TMPFILE has beside O_DIRECTORY.</summary>
    private const uint Changing = 0x3 | 0x40 | 0x200 | 0x400000;
    private const uint AT_EMPTY_PATH = 0x1000;
    private const uint PROT_EXEC = 4;
    private const uint CLONE_THREAD = 0x10000;
    private const uint PR_SET_NAME = 15;
    private const uint PR_SET_VMA = 0x53564d41;

    /// <summary>What .NET, its garbage collector and the C library use while they run, and reading and writing what is
    /// open. A descriptor is made out of a name only where
    /// <see cref="ConfinedReach"/> says so.</summary>
    private static readonly SystemCall[] Plain =
    [
        SystemCall.read, SystemCall.write, SystemCall.readv, SystemCall.writev, SystemCall.pread64, SystemCall.pwrite64, SystemCall.lseek, SystemCall.close,
        SystemCall.fstat, SystemCall.fsync, SystemCall.fdatasync, SystemCall.flock, SystemCall.fadvise64, SystemCall.poll, SystemCall.ppoll,
        SystemCall.munmap, SystemCall.mremap, SystemCall.madvise, SystemCall.brk, SystemCall.mincore, SystemCall.membarrier, SystemCall.get_mempolicy,
        SystemCall.futex, SystemCall.sched_yield, SystemCall.sched_getaffinity, SystemCall.getcpu, SystemCall.rseq, SystemCall.set_robust_list,
        SystemCall.gettid, SystemCall.getpid, SystemCall.exit, SystemCall.exit_group, SystemCall.rt_sigaction, SystemCall.rt_sigprocmask,
        SystemCall.rt_sigreturn, SystemCall.sigaltstack, SystemCall.restart_syscall, SystemCall.nanosleep, SystemCall.clock_nanosleep,
        SystemCall.clock_gettime, SystemCall.clock_getres, SystemCall.gettimeofday, SystemCall.getrandom, SystemCall.sysinfo, SystemCall.getrusage,
        SystemCall.uname, SystemCall.geteuid,
    ];

    /// <param name="process">This process.</param>
    /// <param name="reach">What it may still do with names.</param>
    /// <param name="output">A descriptor whose file it may cut off, or null.</param>
    internal static FilterProgram Filter(int process, ConfinedReach reach, int? output = null)
    {
        List<PermittedCall> calls = [];
        foreach (SystemCall call in Plain)
        {
            calls.Add(new PermittedCall(call));
        }

        // No new code; new threads, no new processes; no input for a terminal.
        calls.Add(new PermittedCall(SystemCall.mmap, 2, PROT_EXEC, 0));
        calls.Add(new PermittedCall(SystemCall.mprotect, 2, PROT_EXEC, 0));
        calls.Add(new PermittedCall(SystemCall.clone, 0, CLONE_THREAD, CLONE_THREAD));
        calls.Add(new PermittedCall(SystemCall.tgkill, 0, uint.MaxValue, (uint)process));
        calls.Add(new PermittedCall(SystemCall.prctl, 0, uint.MaxValue, PR_SET_NAME, PR_SET_VMA));

        // Of this process only: another one's CPU limit would be its end.
        calls.Add(new PermittedCall(SystemCall.prlimit64, 0, uint.MaxValue, 0));
        calls.Add(new PermittedCall(SystemCall.fcntl, 1, uint.MaxValue, (uint)F.GETFD, (uint)F.GETFL, (uint)F.DUPFD_CLOEXEC));
        calls.Add(new PermittedCall(
            SystemCall.ioctl, 1, uint.MaxValue, 0x5401 /* TCGETS */, 0x5402, 0x5403, 0x5404 /* TCSETS, TCSETSW, TCSETSF */, 0x5413 /* TIOCGWINSZ */));
        if (output is { } descriptor)
        {
            calls.Add(new PermittedCall(SystemCall.ftruncate, 0, uint.MaxValue, (uint)descriptor));
        }

        if (reach == ConfinedReach.Read)
        {
            // .NET makes relative names absolute before it opens them.
            calls.Add(new PermittedCall(SystemCall.getcwd));

            // Whether what was opened may be executed.
            calls.Add(new PermittedCall(SystemCall.faccessat2));
        }

        if (reach != ConfinedReach.Nothing)
        {
            // What O_PATH opens can be neither read nor written, open(2).
            calls.Add(reach == ConfinedReach.Look
                ? new PermittedCall(SystemCall.openat, 2, O_PATH, O_PATH)
                : new PermittedCall(SystemCall.openat, 2, Changing, 0));
            calls.Add(new PermittedCall(SystemCall.statx));
            calls.Add(new PermittedCall(SystemCall.newfstatat));
            calls.Add(new PermittedCall(SystemCall.readlinkat));
        }
        else
        {
            // glibc's fstat(3). A filter does not see whether the name behind it is empty: what stands at a name and who owns
            // it can still be asked.
            calls.Add(new PermittedCall(SystemCall.newfstatat, 3, AT_EMPTY_PATH, AT_EMPTY_PATH));
            calls.Add(new PermittedCall(SystemCall.statx, 2, AT_EMPTY_PATH, AT_EMPTY_PATH));
        }

        return PermissionFilter.Compile(
            calls,
            [
                // glibc then uses clone, whose flags a filter can see.
                (SystemCall.clone3, Errno.ENOSYS), (SystemCall.open, Errno.EACCES), (SystemCall.openat, Errno.EACCES),
                (SystemCall.openat2, Errno.EACCES), (SystemCall.execve, Errno.EACCES), (SystemCall.socket, Errno.EACCES),
            ]);
    }

    /// <summary>Confines this process. There is no way back.</summary>
    /// <param name="reach">What it may still do with names.</param>
    /// <param name="output">A descriptor whose file it may cut off, ftruncate(2), or null.</param>
    public static LinuxResult Apply(ConfinedReach reach, int? output = null)
    {
        LinuxResult privileges = Kernel.Call(SystemCall.prctl, (nint)PR.SET_NO_NEW_PRIVS, 1, subject: "no new privileges");
        if (privileges.Failed)
        {
            return privileges;
        }

        FilterProgram filter = Filter(Environment.ProcessId, reach, output);

        // SAFETY: struct sock_fprog is the number of instructions, at the pointer's alignment, and the pointer to them; the
        // array is pinned across the call, in which the kernel copies it.
        fixed (byte* instructions = filter.Bytes)
        {
            nint* program = stackalloc nint[2] { filter.Instructions.Length, (nint)instructions };
            LinuxResult installed = Kernel.Call(
                SystemCall.seccomp, (nint)SECCOMP.SET_MODE_FILTER, (nint)SECCOMP_FILTER_FLAG.TSYNC, (nint)program, subject: "a filter for all threads");

            // A thread that cannot take it is named instead of an error.
            return installed.Value > 0 ? new LinuxResult(-1, Errno.ESRCH, SystemCall.seccomp, "a filter for all threads") : installed;
        }
    }
}
