using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Tests.Perf;

/// <summary>What perf script and perf trace write, with addresses of paths and with the paths.</summary>
public sealed class PerfTests
{
    [Theory]
    [InlineData("openat(dfd: CWD, filename: \"/etc/hosts\", flags: RDONLY|CLOEXEC) = 3", "Read /etc/hosts")]
    [InlineData("openat(dfd: CWD, filename: /etc/hosts, flags: RDONLY|CLOEXEC) = 3", "Read /etc/hosts")]
    [InlineData("openat(dfd: CWD, filename: \"/etc/ho, st\\\"s\", flags: O_WRONLY|O_CREAT, mode: IRUGO|IWUSR) = 3", "Create /etc/ho, st\\\"s")]
    [InlineData("open(filename: \"/a\", flags: 0x80000) = 3", "Read /a")]
    [InlineData("openat(dfd: 4</srv>, filename: \"a\", flags: RDONLY) = 5</srv/a>", "Read /srv/a")]
    [InlineData("access(filename: \"/x\", mode: R) = -1 ENOENT (No such file or directory)", "Stat /x ENOENT")]
    [InlineData("newfstatat(dfd: CWD, filename: \"/x\", statbuf: 0x7ffe06aeb8c0) = 0", "Stat /x")]
    [InlineData("unlink(pathname: \"/x\") = -1 EACCES (Permission denied)", "Delete /x EACCES")]
    [InlineData("renameat2(olddfd: CWD, oldname: \"/a\", newdfd: CWD, newname: \"/b\", flags: NOREPLACE) = 0", "Rename /a -> /b")]
    [InlineData("connect(fd: 3, uservaddr: { .family: LOCAL, path: /run/docker.sock }, addrlen: 110) = 0", "Connect /run/docker.sock")]
    [InlineData("connect(fd: 3, uservaddr: { .family: PF_INET, port: 443, addr: 192.0.2.1 }, addrlen: 16) = 0", "Connect 192.0.2.1:443")]
    [InlineData("connect(fd: 3, uservaddr: { .family: INET6, port: 53, addr: 2001:db8::1 }, addrlen: 28) = -1 EINPROGRESS (x)", "Connect [2001:db8::1]:53 EINPROGRESS")]
    [InlineData("setuid(uid: 33) = 0", "ChangeIdentity uid 33")]
    public void A_call_of_perf_trace(string call, string expected)
    {
        ImportResult result = Recording.Of($"     0.264 ( 0.007 ms): a b/30386 {call}");
        Assert.Equal(TraceFormat.PerfTrace, result.Inputs[0].Format);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.Contains(result.Accesses(), access => access.StartsWith(expected, StringComparison.Ordinal));
        Assert.Equal(30386, result.Accesses[0].Access.Chain[0].Pid);
    }

    [Fact]
    public void A_call_that_goes_on_later_is_one()
    {
        ImportResult result = Recording.Of(
            "         ? (         ): true/30  ... [continued]: execve())                                           = 0",
            "     1.000 (         ): sh/30 openat(dfd: CWD, filename: \"/fifo\", flags: RDONLY) ...",
            "     1.100 ( 0.002 ms): other/31 getpid()                                                  = 31",
            "     9.000 ( 8.000 ms): sh/30  ... [continued]: openat())                                 = 3",
            "     9.100 (         ): sh/30 exit_group()                                                = ?");
        Assert.Equal(["Read /fifo"], result.Accesses());
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void Addresses_instead_of_paths_are_said_to_be_missing()
    {
        ImportResult result = Recording.Of("     0.264 ( 0.007 ms): true/30386 openat(dfd: CWD, filename: 0x83ed90b1, flags: RDONLY|CLOEXEC)         = 4");
        Assert.Empty(result.Accesses);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UndecodedArguments);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.OneAspect);
        Assert.Equal(["openat"], result.SystemCalls.Select(call => call.Name));
    }

    [Fact]
    public void Perf_script_is_put_together_by_thread()
    {
        ImportResult result = Recording.Of(
            "# ========", "#",
            "              sh 30390 [001] 47344.101700:  sched:sched_process_exec: filename=/usr/bin/my sh pid=30390 old_pid=30390",
            "              sh 30390 [001] 47344.101704:     raw_syscalls:sys_exit: NR 59 = 0",
            "              sh 30390 [001] 47344.101941: syscalls:sys_enter_openat: dfd: 0xffffff9c, filename: 0x7fdc673770b1 \"/etc/hosts\", flags: 0x00080000, mode: 0x00000000",
            "              sh 30390 [001] 47344.101942:    raw_syscalls:sys_enter: NR 257 (ffffff9c, 7fdc673770b1, 80000, 0, 0, 55e7fba1f0ca)",
            "              sh 30390 [001] 47344.101945:  syscalls:sys_exit_openat: 0x3",
            "              sh 30390 [001] 47344.101946:     raw_syscalls:sys_exit: NR 257 = 3",
            "              sh 30390 [001] 47344.101950: syscalls:sys_enter_openat: dfd: 0xffffff9c, filename: 0x7fdc673770b1 \"/nowhere\", flags: 0x00080000, mode: 0x00000000",
            "              sh 30390 [001] 47344.101951:  syscalls:sys_exit_openat: 0xfffffffffffffffe",
            "              sh 30390 [001] 47344.102000: sched:sched_process_fork: comm=sh pid=30390 child_comm=sh child_pid=30391",
            "              sh 30390 [001] 47344.102001: raw_syscalls:sys_exit: NR 56 = 30391",
            "    Web Content 30391/30391 47344.200000:          1 syscalls:sys_enter_newstat: filename: 0x7f \"/etc/x\", statbuf: 0x7ffe",
            "    Web Content 30391/30391 47344.200001:          1 syscalls:sys_exit_newstat: 0x0",
            "             cat 30391 [000] 47344.300000: sched:sched_process_exit: comm=cat pid=30391 prio=120", "",
            "\t    7fdc67 __x64_sys_exit (/usr/lib/debug/vmlinux)",
            "             cat 30392 [000] 47344.400000: sched:sched_wakeup: comm=x pid=1");
        Assert.Equal(TraceFormat.PerfScript, result.Inputs[0].Format);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.Equal(["Read /etc/hosts", "Read /nowhere ENOENT", "Stat /etc/x", "Execute /usr/bin/my sh"], result.Accesses());
        Assert.Equal(["30390.1 -1", "30391.1 0"], result.Processes.Select(process => $"{process.Pid}.{process.Generation} {process.Parent}"));
        Assert.Equal((TraceClock.Uptime, 47_344_102_000), (result.Inputs[0].Clock, result.Processes[1].Start));
        Assert.Equal(47_344_300_000, result.Processes[1].End);
        Assert.Null(result.Processes[1].Status);
    }

    [Fact]
    public void Raw_tracepoints_give_names_of_calls_and_their_outcomes()
    {
        ImportResult result = Recording.Of(
            "sh 10 [000] 1.000001: raw_syscalls:sys_enter: NR 2 (7f00, 0, 0, 0, 0, 0)", "sh 10 [000] 1.000002: raw_syscalls:sys_exit: NR 2 = -13",
            "sh 10 [000] 1.000003: raw_syscalls:sys_enter: NR 105 (21, 0, 0, 0, 0, 0)", "sh 10 [000] 1.000004: raw_syscalls:sys_exit: NR 105 = 0",
            "sh 10 [000] 1.000005: raw_syscalls:sys_exit: NR 39 = 10", "sh 10 [000] 1.000006: raw_syscalls:sys_exit: NR -1 = 10", "sh 11 [000] 1.000007: raw_syscalls:sys_exit: NR 56 = 0");
        Assert.Equal(["ChangeIdentity uid 33"], result.Accesses());
        Assert.Equal(["open", "setuid"], result.SystemCalls.Select(call => call.Name));
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnpairedCalls && reason.Count == 1);
    }

    [Theory]
    [InlineData("LOST 12 events!", 12)]
    [InlineData("  swapper     0 [000]     0.000000: PERF_RECORD_LOST lost 7", 7)]
    [InlineData("Processed 100 events and lost 2 chunks!", 2)]
    public void Loss_is_counted(string line, long count)
    {
        ImportResult result = Import("sh 10 [000] 1.000001: syscalls:sys_enter_getpid: \n" + line + "\n", TraceFormat.PerfScript);
        Assert.Equal(count, result.Coverage.Reasons.Single(reason => reason.Problem == CoverageProblem.LostEvents).Count);
    }

    [Theory]
    [InlineData("sh 10 [000] 1.000001: raw_syscalls:sys_enter: 257 ()")]
    [InlineData("sh ten [000] 1.000001: syscalls:sys_enter_openat: x")]
    [InlineData("what is this")]
    public void What_is_not_understood_is_listed(string line) => Assert.Equal(1, Import(line + "\n", TraceFormat.PerfScript).Lines[LineKind.Unknown]);

    [Theory]
    [InlineData("0.264 ( 0.007 ms): true/30386 openat(dfd: CWD")]
    [InlineData("0.264 ( 0.007 ms): true/30386 (x) = 0")]
    [InlineData("0.264 ( 0.007 ms: true/30386 close(fd: 3) = 0")]
    [InlineData("0.264 ( 0.007 ms): true/30386 openat[dfd: CWD, filename: \"/etc/shadow\" = 4")]
    [InlineData("0.264 ( 0.007 ms): true/30386 Xconnect(fd: 3, uservaddr: { .family: LOCAL, path: /run/x }) = 0")]
    public void So_it_is_with_perf_trace(string line) => Assert.Equal(1, Import(line + "\n", TraceFormat.PerfTrace).Lines[LineKind.Unknown]);

    [Theory]
    [InlineData("sched:sched_switch(prev_comm: \"a\", prev_pid: 7)")]
    [InlineData("probe_libc:malloc:(7f00)")]
    public void A_tracepoint_among_the_calls_is_left_alone(string text)
    {
        ImportResult result = Import($"0.264 ( 0.007 ms): true/30386 {text}\n0.264 ( 0.007 ms): true/30386 getpid() = 7\n", TraceFormat.PerfTrace);
        Assert.Equal((1, 0), (result.Lines[LineKind.Detail], result.Lines[LineKind.Unknown]));
    }

    private static ImportResult Import(string text, TraceFormat format) => Recording.Of(Encoding.UTF8.GetBytes(text), format);
}
