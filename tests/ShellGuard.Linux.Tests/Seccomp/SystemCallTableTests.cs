using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

public sealed class SystemCallTableTests
{
    private const ulong Upper = 0xdead_beef_0000_0000;

    /// <summary>Every combination of grants.</summary>
    public static TheoryData<FilterOptions> AllOptions
    {
        get
        {
            var all = new TheoryData<FilterOptions>();
            for (int bits = 0; bits < 64; bits++)
            {
                all.Add(new FilterOptions
                {
                    ExplainWrites = (bits & 1) != 0,
                    AllowPtrace = (bits & 2) != 0,
                    AllowUserNamespaces = (bits & 4) != 0,
                    ReportDenials = (bits & 8) != 0,
                    ExplainReads = (bits & 16) != 0,
                    Apart = (bits & 32) != 0,
                });
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void EveryCallHasALine(FilterOptions options)
    {
        SystemCallTable table = SystemCallTable.For(options);

        Assert.Equal(Enum.GetValues<SystemCall>(), table.Lines.Select(line => line.Call));
        Assert.All(table.Lines, line => Assert.NotEmpty(line.Reason));
        Assert.All(table.Lines.SelectMany(line => line.Rules), rule => Assert.NotEmpty(rule.Tests));
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void NoTestAsksForBitsThatItsMaskTakesAway(FilterOptions options) =>
        Assert.All(
            SystemCallTable.For(options).Lines.SelectMany(line => line.Rules).SelectMany(rule => rule.Tests),
            test => Assert.Equal(test.Value, test.Value & test.EffectiveMask));

    [Theory]
    [InlineData(SystemCall.io_uring_setup, Errno.ENOSYS)]
    [InlineData(SystemCall.io_uring_enter, Errno.ENOSYS)]
    [InlineData(SystemCall.io_uring_register, Errno.ENOSYS)]
    [InlineData(SystemCall.clone3, Errno.ENOSYS)]
    [InlineData(SystemCall.bpf, Errno.EPERM)]
    [InlineData(SystemCall.userfaultfd, Errno.EPERM)]
    [InlineData(SystemCall.ptrace, Errno.EPERM)]
    [InlineData(SystemCall.process_vm_writev, Errno.EPERM)]
    [InlineData(SystemCall.pidfd_getfd, Errno.EPERM)]
    [InlineData(SystemCall.setns, Errno.EPERM)]
    [InlineData(SystemCall.mount, Errno.EPERM)]
    [InlineData(SystemCall.open_tree_attr, Errno.EPERM)]
    [InlineData(SystemCall.chroot, Errno.EPERM)]
    [InlineData(SystemCall.open_by_handle_at, Errno.EPERM)]
    [InlineData(SystemCall.fanotify_init, Errno.EPERM)]
    [InlineData(SystemCall.keyctl, Errno.ENOSYS)]
    [InlineData(SystemCall.perf_event_open, Errno.EACCES)]
    [InlineData(SystemCall.memfd_secret, Errno.ENOSYS)]
    [InlineData(SystemCall.kexec_load, Errno.EPERM)]
    [InlineData(SystemCall.init_module, Errno.EPERM)]
    [InlineData(SystemCall.reboot, Errno.EPERM)]
    [InlineData((SystemCall)335, Errno.ENOSYS)]
    [InlineData((SystemCall)337, Errno.ENOSYS)]
    [InlineData((SystemCall)423, Errno.ENOSYS)]
    [InlineData((SystemCall)470, Errno.ENOSYS)]
    [InlineData((SystemCall)(-1), Errno.ENOSYS)]
    [InlineData((SystemCall)0x40000000, Errno.ENOSYS)]
    public void DangerousAndUnknownCallsAreDenied(SystemCall call, Errno error)
    {
        FilterOutcome outcome = SystemCallTable.Default.Judge(Arguments.Of(call));

        Assert.Equal((FilterAction.Deny, error), (outcome.Action, outcome.Error));
    }

    [Theory]
    [InlineData(SystemCall.connect)]
    [InlineData(SystemCall.listen)]
    [InlineData(SystemCall.execve)]
    [InlineData(SystemCall.execveat)]
    public void TheSupervisorDecides(SystemCall call) =>
        Assert.Equal(FilterOutcome.Mediate, SystemCallTable.Default.Judge(Arguments.Of(call)));

    [Fact]
    public void OtherArchitecturesKill()
    {
        seccomp_data data = Arguments.Of(SystemCall.read);
        data.arch = (uint)AUDIT_ARCH.I386;

        Assert.Equal(FilterOutcome.Kill, SystemCallTable.Default.Judge(data));
    }

    public static TheoryData<SystemCall, ulong[], FilterAction, Errno> ByArgument => new()
    {
        { SystemCall.ioctl, [0, 0x5401], FilterAction.Pass, Errno.None },
        { SystemCall.ioctl, [0, 0x5412], FilterAction.Deny, Errno.EPERM },
        { SystemCall.ioctl, [0, Upper | 0x5412], FilterAction.Deny, Errno.EPERM },
        { SystemCall.ioctl, [0, Upper | 0x541c], FilterAction.Deny, Errno.EPERM },
        { SystemCall.clone, [0x01200011], FilterAction.Pass, Errno.None },
        { SystemCall.clone, [0x3d0f00], FilterAction.Pass, Errno.None },
        { SystemCall.clone, [0x10000011], FilterAction.Deny, Errno.EPERM },
        { SystemCall.clone, [Upper | 0x00020000], FilterAction.Deny, Errno.EPERM },
        { SystemCall.unshare, [0x600], FilterAction.Pass, Errno.None },
        { SystemCall.unshare, [0x80], FilterAction.Deny, Errno.EPERM },
        { SystemCall.unshare, [Upper | 0x10000000], FilterAction.Deny, Errno.EPERM },
        { SystemCall.seccomp, [1, 0], FilterAction.Pass, Errno.None },
        { SystemCall.seccomp, [1, 1], FilterAction.Pass, Errno.None },
        { SystemCall.seccomp, [1, 8], FilterAction.Deny, Errno.EBUSY },
        { SystemCall.seccomp, [Upper | 1, Upper | 0x39], FilterAction.Deny, Errno.EBUSY },
        { SystemCall.socket, [1, 1, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [1, 0x80805, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [1, 2, 0], FilterAction.Deny, Errno.EACCES },
        { SystemCall.socket, [1, 3, 0], FilterAction.Deny, Errno.EACCES },
        { SystemCall.socket, [Upper | 1, Upper | 0x80802, 0], FilterAction.Deny, Errno.EACCES },
        { SystemCall.socket, [2, 1, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [2, 0x801, 6], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [2, 1, 262], FilterAction.Deny, Errno.EPROTONOSUPPORT },
        { SystemCall.socket, [2, 1, 132], FilterAction.Deny, Errno.EPROTONOSUPPORT },
        { SystemCall.socket, [10, 5, 132], FilterAction.Deny, Errno.EPROTONOSUPPORT },
        { SystemCall.socket, [2, 2, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [10, 2, 17], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [2, 2, 1], FilterAction.Deny, Errno.EPROTONOSUPPORT },
        { SystemCall.socket, [10, 3, 255], FilterAction.Deny, Errno.EPERM },
        { SystemCall.socket, [16, 3, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socket, [16, 3, 12], FilterAction.Deny, Errno.EPROTONOSUPPORT },
        { SystemCall.socket, [17, 3, 0x300], FilterAction.Deny, Errno.EAFNOSUPPORT },
        { SystemCall.socket, [38, 5, 0], FilterAction.Deny, Errno.EAFNOSUPPORT },
        { SystemCall.socket, [40, 1, 0], FilterAction.Deny, Errno.EAFNOSUPPORT },
        { SystemCall.socketpair, [1, 1, 0], FilterAction.Pass, Errno.None },
        { SystemCall.socketpair, [1, 2, 0], FilterAction.Deny, Errno.EACCES },
        { SystemCall.sendto, [0, 0, 0, 0x4000], FilterAction.Pass, Errno.None },
        { SystemCall.sendto, [0, 0, 0, 0x20004000], FilterAction.Deny, Errno.EOPNOTSUPP },
        { SystemCall.sendmsg, [0, 0, 0x20000000], FilterAction.Deny, Errno.EOPNOTSUPP },
        { SystemCall.sendmmsg, [0, 0, 1, Upper | 0x20000000], FilterAction.Deny, Errno.EOPNOTSUPP },
        { SystemCall.mknod, [0, 0x11a4], FilterAction.Pass, Errno.None },
        { SystemCall.mknod, [0, 0x1a4], FilterAction.Pass, Errno.None },
        { SystemCall.mknod, [0, 0x21a4], FilterAction.Deny, Errno.EPERM },
        { SystemCall.mknod, [0, 0xdead_21a4], FilterAction.Deny, Errno.EPERM },
        { SystemCall.mknodat, [0, 0, 0x6000], FilterAction.Deny, Errno.EPERM },
        { SystemCall.mknodat, [0, 0, 0xc000], FilterAction.Pass, Errno.None },
        { SystemCall.renameat2, [0, 0, 0, 0, 1], FilterAction.Pass, Errno.None },
        { SystemCall.renameat2, [0, 0, 0, 0, 5], FilterAction.Deny, Errno.EINVAL },
        { SystemCall.prctl, [38, 1], FilterAction.Pass, Errno.None },
        { SystemCall.prctl, [Upper | 35, 1], FilterAction.Deny, Errno.EPERM },
        { SystemCall.personality, [0xffffffff], FilterAction.Pass, Errno.None },
        { SystemCall.personality, [0x40000], FilterAction.Pass, Errno.None },
        { SystemCall.personality, [0x400000], FilterAction.Deny, Errno.EPERM },
        { SystemCall.fcntl, [0, 1024, 1], FilterAction.Deny, Errno.EINVAL },
        { SystemCall.fcntl, [0, 1030, 1], FilterAction.Pass, Errno.None },
        { SystemCall.setsockopt, [0, 0, 64], FilterAction.Deny, Errno.EPERM },
        { SystemCall.setsockopt, [0, 1, 64], FilterAction.Pass, Errno.None },
        { SystemCall.setsockopt, [0, 41, 64], FilterAction.Deny, Errno.EPERM },
    };

    [Theory]
    [MemberData(nameof(ByArgument))]
    public void ArgumentsDecideAsTheKernelReadsThem(
        SystemCall call,
        ulong[] arguments,
        FilterAction action,
        Errno error)
    {
        FilterOutcome outcome = SystemCallTable.Default.Judge(Arguments.Of(call, arguments));

        Assert.Equal((action, error), (outcome.Action, outcome.Error));
    }

    [Theory]
    [InlineData(SystemCall.openat, 2, 0x80000, FilterAction.Pass)]
    [InlineData(SystemCall.openat, 2, 0x1, FilterAction.Mediate)]
    [InlineData(SystemCall.openat, 2, 0x2, FilterAction.Mediate)]
    [InlineData(SystemCall.openat, 2, 0x3, FilterAction.Mediate)]
    [InlineData(SystemCall.openat, 2, 0x40, FilterAction.Mediate)]
    [InlineData(SystemCall.open, 1, 0x200, FilterAction.Mediate)]
    [InlineData(SystemCall.open, 1, 0, FilterAction.Pass)]
    [InlineData(SystemCall.creat, 0, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.renameat2, 4, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.renameat2, 4, 4, FilterAction.Deny)]
    [InlineData(SystemCall.unlinkat, 0, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.openat2, 0, 0, FilterAction.Pass)]
    public void WritesAreExplainedWhereAsked(SystemCall call, int argument, ulong value, FilterAction expected)
    {
        seccomp_data data = Arguments.Of(call);
        data.args[argument] = value;

        Assert.Equal(expected, SystemCallTable.For(new FilterOptions { ExplainWrites = true }).Judge(data).Action);
    }

    [Theory]
    [InlineData(SystemCall.openat, 2, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.openat, 2, (ulong)O.CREAT, FilterAction.Mediate)]
    [InlineData(SystemCall.stat, 0, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.newfstatat, 3, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.newfstatat, 3, (ulong)AtFlags.EMPTY_PATH, FilterAction.Pass)]
    [InlineData(SystemCall.statx, 2, (ulong)AtFlags.EMPTY_PATH, FilterAction.Pass)]
    [InlineData(SystemCall.fstat, 0, 0, FilterAction.Pass)]
    [InlineData(SystemCall.read, 0, 0, FilterAction.Pass)]
    public void ReadsAreExplainedWhereAsked(SystemCall call, int argument, ulong value, FilterAction expected)
    {
        seccomp_data data = Arguments.Of(call);
        data.args[argument] = value;

        Assert.Equal(expected, SystemCallTable.For(new FilterOptions { ExplainReads = true }).Judge(data).Action);
    }

    [Theory]
    [InlineData(SystemCall.flock, 1, 2, FilterAction.Mediate)]
    [InlineData(SystemCall.inotify_add_watch, 2, 1, FilterAction.Mediate)]
    [InlineData(SystemCall.sysinfo, 0, 0, FilterAction.Mediate)]
    [InlineData(SystemCall.futex, 1, (ulong)FUTEX.WAIT, FilterAction.Mediate)]
    [InlineData(SystemCall.futex, 1, Upper | (ulong)FUTEX.WAIT, FilterAction.Mediate)]
    [InlineData(SystemCall.futex, 1, (ulong)(FUTEX.WAIT_BITSET | FUTEX.CLOCK_REALTIME), FilterAction.Mediate)]
    [InlineData(SystemCall.futex, 1, (ulong)(FUTEX.WAIT_REQUEUE_PI | FUTEX.CLOCK_REALTIME), FilterAction.Deny)]
    [InlineData(SystemCall.futex, 1, (ulong)(FUTEX.WAIT | FUTEX.PRIVATE_FLAG), FilterAction.Pass)]
    [InlineData(SystemCall.futex, 1, (ulong)(FUTEX.WAIT_BITSET | FUTEX.PRIVATE_FLAG | FUTEX.CLOCK_REALTIME), FilterAction.Pass)]
    [InlineData(SystemCall.futex, 1, 1, FilterAction.Pass)]
    [InlineData(SystemCall.futex_wait, 3, 0, FilterAction.Deny)]
    [InlineData(SystemCall.pidfd_open, 0, 1, FilterAction.Deny)]
    [InlineData(SystemCall.clone, 0, (ulong)(CLONE.PIDFD | CLONE.VM | CLONE.VFORK), FilterAction.Deny)]
    [InlineData(SystemCall.futex_waitv, 0, 0, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.GETLK, FilterAction.Mediate)]
    [InlineData(SystemCall.fcntl, 1, Upper | (ulong)F.SETLK, FilterAction.Mediate)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.SETLKW, FilterAction.Mediate)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.OFD_GETLK, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.OFD_SETLK, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.OFD_SETLKW, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.NOTIFY, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, Upper | (ulong)F.SETPIPE_SZ, FilterAction.Deny)]
    [InlineData(SystemCall.fcntl, 1, (ulong)F.GETFD, FilterAction.Pass)]
    [InlineData(SystemCall.preadv2, 5, Upper | 9, FilterAction.Deny)]
    [InlineData(SystemCall.preadv2, 5, 1, FilterAction.Pass)]
    [InlineData(SystemCall.madvise, 2, (ulong)MADV.MERGEABLE, FilterAction.Deny)]
    [InlineData(SystemCall.madvise, 2, 4, FilterAction.Pass)]
    [InlineData(SystemCall.prctl, 0, (ulong)PR.SET_MEMORY_MERGE, FilterAction.Deny)]
    [InlineData(SystemCall.prctl, 0, (ulong)PR.SET_MM, FilterAction.Deny)]
    [InlineData(SystemCall.io_setup, 0, 1, FilterAction.Deny)]
    [InlineData(SystemCall.mincore, 0, 0, FilterAction.Deny)]
    [InlineData(SystemCall.cachestat, 0, 0, FilterAction.Deny)]
    [InlineData(SystemCall.clone, 0, (ulong)CLONE.FILES, FilterAction.Deny)]
    [InlineData(SystemCall.clone, 0, (ulong)(CLONE.FILES | CLONE.VM | CLONE.VFORK), FilterAction.Deny)]
    [InlineData(SystemCall.clone, 0, (ulong)(CLONE.FILES | CLONE.THREAD | CLONE.VM), FilterAction.Pass)]
    [InlineData(SystemCall.clone, 0, (ulong)(CLONE.VM | CLONE.VFORK), FilterAction.Pass)]
    public void CellsBehindAWallAreKeptApart(SystemCall call, int argument, ulong value, FilterAction expected)
    {
        seccomp_data data = Arguments.Of(call);
        data.args[argument] = value;

        Assert.Equal(expected, SystemCallTable.For(new FilterOptions { Apart = true }).Judge(data).Action);
    }

    [Theory]
    [InlineData(SystemCall.getsockopt, SO.COOKIE)]
    [InlineData(SystemCall.getsockopt, SO.NETNS_COOKIE)]
    [InlineData(SystemCall.getsockopt, SO.PEERPIDFD)]
    [InlineData(SystemCall.setsockopt, SO.PASSPIDFD)]
    public void CellsBehindAWallGetNoNumbersThatTheMachineCounts(SystemCall call, SO option)
    {
        seccomp_data data = Arguments.Of(call);
        data.args[1] = Upper | (ulong)SOL.SOCKET;
        data.args[2] = Upper | (ulong)option;
        Assert.Equal(FilterAction.Deny, SystemCallTable.For(new FilterOptions { Apart = true }).Judge(data).Action);
        Assert.Equal(FilterAction.Pass, SystemCallTable.For(new FilterOptions()).Judge(data).Action);
        data.args[1] = (ulong)SOL.IP;
        Assert.Equal(FilterAction.Pass, SystemCallTable.For(new FilterOptions { Apart = true }).Judge(data).Action);
    }

    [Fact]
    public void GrantsOpenWhatTheySayAndNothingElse()
    {
        Assert.Equal(
            ["kcmp", "process_vm_readv", "process_vm_writev", "ptrace"],
            OpenedBy(new FilterOptions { AllowPtrace = true }));
        Assert.Equal(
            [
                "chroot", "clone", "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount",
                "open_tree", "open_tree_attr", "pivot_root", "setdomainname", "sethostname", "setns", "umount2",
                "unshare",
            ],
            OpenedBy(new FilterOptions { AllowUserNamespaces = true }));
    }

    private static IEnumerable<string> OpenedBy(FilterOptions grant) =>
        SystemCallTable.For(grant).Lines
            .Where(line => line.Disposition != SystemCallTable.Default.Find(line.Call)!.Disposition)
            .Select(line => $"{line.Call}")
            .Order(StringComparer.Ordinal);
}
