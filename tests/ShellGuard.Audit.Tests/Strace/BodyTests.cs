using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>Every form of a line's body.</summary>
public sealed class BodyTests
{
    [Theory]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", "Read /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY)     = 3", "Read /a")]
    [InlineData("openat(AT_FDCWD, \"/a = b (c\", O_RDONLY) = 3", "Read /a = b (c")]
    [InlineData("openat(AT_FDCWD, \"/a\\\") = 5\", O_RDONLY) = 3", "Read /a\") = 5")]
    [InlineData("openat(AT_FDCWD</root>, \"/a\", O_RDONLY) = 3</a>", "Read /a")]
    [InlineData("openat(AT_FDCWD</tmp/a (b>, \"c\", O_RDONLY) = 3</tmp/a (b/c>", "Read /tmp/a (b/c")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3</usr/a>", "Read /a => /usr/a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory)", "Read /a ENOENT")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 EACCES (Permission denied)", "Read /a EACCES")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 (errno 7)", "Read /a errno 7")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = ?", "Read /a Unknown")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = ? <unavailable>", "Read /a Unknown")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3 <0.000227>", "Read /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000227>", "Read /a ENOENT")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3</a> <0.000227>", "Read /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY <unfinished ...>) = ?", "Read /a Unknown")]
    [InlineData("openat(dirfd=AT_FDCWD, pathname=\"/a\", flags=O_RDONLY) = 3", "Read /a")] // -N
    [InlineData("openat(-100, \"/a\", 0x80000) = 3", "Read /a")] // -X raw
    [InlineData("openat(0xffffff9c, \"/a\", 0x1) = 3", "Write /a")]
    [InlineData("openat(-100 /* AT_FDCWD */, \"/a\", 0x80001 /* O_WRONLY|O_CLOEXEC */) = 3", "Write /a")] // -X verbose
    public void A_call_is_an_access(string line, string expected)
    {
        ImportResult result = Recording.Of(line);
        Assert.Equal([expected], result.Accesses());
        Assert.Equal(1, result.Lines[LineKind.Call]);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Theory]
    [InlineData("? ERESTARTSYS (To be restarted if SA_RESTART is set)")]
    [InlineData("? ERESTARTNOINTR (To be restarted)")]
    [InlineData("? ERESTARTNOHAND (To be restarted if no handler)")]
    [InlineData("? ERESTART_RESTARTBLOCK (Interrupted by signal)")]
    public void A_call_that_a_signal_interrupts_is_no_success(string result)
    {
        ImportResult read = Recording.Of(
            $"openat(AT_FDCWD, \"/a\", O_RDONLY) = {result}",
            "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5, si_uid=0, si_status=0, si_utime=0, si_stime=0} ---",
            "openat(AT_FDCWD, \"/a\", O_RDONLY) = 3");
        Assert.Equal(["Read /a Unknown", "Read /a"], read.Accesses());
        Assert.Equal(2, read.Accesses.Sum(access => access.Count));
        Assert.Equal(1, read.Lines[LineKind.Signal]);
    }

    /// <summary>Nothing says that it is made again: with EINTR in the program the connection goes on by itself.</summary>
    [Fact]
    public void A_call_that_is_not_made_again_is_there()
    {
        ImportResult read = Recording.Of(
            "connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
            "--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---");
        Assert.Equal(["Connect 127.0.0.1:9/tcp Unknown"], read.Accesses());
    }

    [Theory]
    [InlineData("sendmsg(3<UDP:[1]>, {msg_name=0x7ffe1000, msg_namelen=16, msg_iov=[{iov_base=\"x\", iov_len=1}], msg_iovlen=1}, 0) = 1")]
    [InlineData("sendmsg(3<UDP:[1]>, 0x7ffe1000, 0) = 1")]
    [InlineData("sendmmsg(3<UDP:[1]>, 0x7ffe1000, 2, 0) = 2")]
    [InlineData("sendmmsg(3<UDP:[1]>, [{msg_hdr={msg_name=0x7ffe1000, msg_namelen=16}, msg_len=1}], 1, 0) = 1")]
    [InlineData("stat(\"\", 0x7ffe1000) = 0")]
    public void What_was_not_read_is_said(string line) =>
        Assert.Contains(Recording.Of(line).Coverage.Reasons, reason => reason.Problem == CoverageProblem.UndecodedArguments);

    [Theory]
    [InlineData("setns(3<mnt:[4026532200]>, 0) = 0")]
    [InlineData("setns(3, 0) = 0")]
    [InlineData("setns(3, CLONE_NEWNS) = 0")]
    [InlineData("setns(3</proc/7/ns/mnt>, CLONE_NEWUSER|CLONE_NEWNS) = 0")]
    public void In_another_mount_namespace_paths_are_others(string line)
    {
        ImportResult read = Recording.Of("chdir(\"/home\") = 0", line, "openat(AT_FDCWD, \"a\", O_RDONLY) = 3");
        Assert.Contains(read.Coverage.Reasons, reason => reason.Problem == CoverageProblem.OtherRoot);
        Assert.Contains(read.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnresolvedPaths);
    }

    [Theory]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory) (INJECTED)")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 0 (INJECTED: args, retval)")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3 (DELAYED)")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3 (DELAYED) <0.1>")]
    public void From_a_tampered_call_nothing_is_learnt(string line)
    {
        ImportResult result = Recording.Of(line);
        Assert.Empty(result.Accesses);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.Tampered);
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
    }

    [Theory]
    [InlineData("poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)")]
    [InlineData("select(4, [3], NULL, NULL, NULL) = 1 (in [3])")]
    [InlineData("fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)")]
    [InlineData("mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7fb0c0000000")]
    [InlineData("syscall_0x1c5(0x1, 0x2, 0, 0, 0, 0) = -1 (errno 38)")]
    [InlineData("readv#64(0x3, 0x7ffe, 0x1) = 5")]
    [InlineData("???(0x1, 0x2) = 0")]
    [InlineData("rt_sigprocmask(SIG_SETMASK, ~[], [CHLD TTOU], 8) = 0")]
    [InlineData("clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=1, tv_nsec=0},  <unfinished ...>) = ?")]
    [InlineData("restart_syscall(<... resuming interrupted read ...>) = 0")]
    [InlineData("ioctl(1, TCGETS, {c_iflag=ICRNL|IXON, c_oflag=NL0|CR0|TAB0|BS0|VT0|FF0|OPOST|ONLCR, ...}) = 0")]
    [InlineData("getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [16 => 4]) = 0")]
    [InlineData("capget({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_CHOWN|1<<CAP_KILL, permitted=0, inheritable=0}) = 0")]
    public void Other_calls_are_calls(string line)
    {
        ImportResult result = Recording.Of(line);
        Assert.Equal(1, result.Lines[LineKind.Call]);
        Assert.Empty(result.Accesses);
    }

    [Theory]
    [InlineData("--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---", LineKind.Signal)]
    [InlineData("--- stopped by SIGSTOP ---", LineKind.Signal)]
    [InlineData("+++ exited with 3 +++", LineKind.Exit)]
    [InlineData("+++ killed by SIGSEGV +++", LineKind.Exit)]
    [InlineData("+++ killed by SIGABRT (core dumped) +++", LineKind.Exit)]
    [InlineData("strace: Process 4711 attached", LineKind.Notice)]
    [InlineData("strace: [ Process PID=4711 runs in 32 bit mode. ]", LineKind.Notice)]
    [InlineData("[ Process PID=4711 runs in 32 bit mode. ]", LineKind.Notice)]
    [InlineData("Process 4711 attached", LineKind.Notice)]
    [InlineData(" > /usr/lib/x86_64-linux-gnu/libc.so.6(_exit+0x29) [0xd4409]", LineKind.Detail)]
    [InlineData(" > /usr/bin/x(main+0x10) [0x1139] main.c:12", LineKind.Detail)]
    [InlineData(" | 00000  76 6d 0a                                         vm.              |", LineKind.Detail)]
    [InlineData("", LineKind.Blank)]
    [InlineData("read(3, <detached ...>", LineKind.Exit)]
    [InlineData("what is this", LineKind.Unknown)]
    [InlineData("+++ danced +++", LineKind.Unknown)]
    [InlineData(") = 6", LineKind.Unknown)]
    [InlineData("access(\"/x\", F_OK) = -1 EABCDEFGHIJKLMNOPQRSTUVWX (x)", LineKind.Unknown)]
    public void Every_line_is_of_some_kind(string line, LineKind expected)
    {
        ImportResult result = Recording.Of("getpid() = 7", line);
        Assert.Equal(expected == LineKind.Call ? 2 : 1, result.Lines[expected]);
        Assert.Equal(2, result.Lines.Total);
    }

    [Theory]
    [InlineData("<... openat resumed>) = 3")]
    [InlineData("<... openat resumed> ) = 3")] // before 4.26
    public void Beginning_and_end_of_a_call_belong_together(string end)
    {
        ImportResult result = Recording.Of(
            "10    openat(AT_FDCWD, \"/a\", O_RDONLY <unfinished ...>",
            "11    openat(AT_FDCWD, \"/b\", O_RDONLY <unfinished ...>",
            "10    " + end,
            "11    <... openat resumed>) = -1 ENOENT (No such file or directory)");
        Assert.Equal(["Read /a", "Read /b ENOENT"], result.Accesses());
        Assert.Equal(2, result.Lines[LineKind.Unfinished]);
        Assert.Equal(2, result.Lines[LineKind.Call]);
    }

    [Fact]
    public void What_the_kernel_fills_in_stands_in_the_second_part()
    {
        ImportResult result = Recording.Of(
            "10 getcwd( <unfinished ...>",
            "10 <... getcwd resumed>\"/home/ann\", 4096) = 10",
            "10 openat(AT_FDCWD, \"notes\", O_RDONLY) = 3");
        Assert.Equal(["Read /home/ann/notes"], result.Accesses());
    }

    [Fact]
    public void An_end_without_a_beginning_is_said()
    {
        ImportResult result = Recording.Of("10 <... openat resumed>) = 3", "10 +++ exited with 0 +++");
        Assert.Empty(result.Accesses);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnpairedCalls);
    }

    [Fact]
    public void A_beginning_without_an_end_is_said_and_kept()
    {
        ImportResult result = Recording.Of(
            "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 110 <unfinished ...>",
            "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3");
        Assert.Equal(["Read /a", "Connect /run/x Unknown"], result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnfinishedCalls);
    }

    [Fact]
    public void A_process_that_is_killed_inside_a_call_is_no_gap()
    {
        ImportResult result = Recording.Of(
            "10 execve(\"/bin/x\", [\"x\"], 0x7ffe /* 1 var */) = 0",
            "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 110 <unfinished ...>",
            "10 +++ killed by SIGKILL +++");
        Assert.Equal(["Execute /bin/x", "Connect /run/x Unknown"], result.Accesses());
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnfinishedCalls);
    }

    [Fact]
    public void A_notice_may_cut_a_line_in_the_middle()
    {
        ImportResult result = Recording.Of(
            "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0",
            "vfork(strace: Process 24598 attached",
            " <unfinished ...>",
            "[pid 24598] execve(\"/bin/date\", [\"date\"], 0x7ffe /* 1 var */ <unfinished ...>",
            "[pid 24597] <... vfork resumed>)         = 24598",
            "[pid 24598] <... execve resumed>)       = 0",
            "[pid 24598] openat(AT_FDCWD, \"/etc/localtime\", O_RDONLY) = 3",
            "[pid 24598] +++ exited with 0 +++",
            "openat(AT_FDCWD, \"/etc/profile\", O_RDONLY) = 3",
            "+++ exited with 0 +++");
        Assert.Equal(
            [
                "/bin/date: Read /etc/localtime", "/bin/sh: Read /etc/profile", "/bin/sh: Execute /bin/date",
                ": Execute /bin/sh",
            ],
            result.WithPrograms());
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.Equal(
            "/bin/date[24598] < /bin/sh[0]", result.Accesses.Single(seen => seen.Access.Target == "/etc/localtime").Chain());
    }

    [Fact]
    public void A_notice_may_stand_between_arguments()
    {
        ImportResult result = Recording.Of(
            "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0",
            "clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLDstrace: Process 31830 attached",
            ", child_tidptr=0x7faa37f78a10) = 31830",
            "[pid 31830] openat(AT_FDCWD, \"/x\", O_RDONLY) = 3");
        Assert.Equal("/bin/sh[31830] < /bin/sh[0]", result.Accesses.Single(seen => seen.Access.Target == "/x").Chain());
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void Before_a_child_is_attached_lines_are_still_its_parents()
    {
        ImportResult result = Recording.Of(
            "execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0",
            "clone(child_stack=NULL, flags=SIGCHLD) = 11",
            "openat(AT_FDCWD, \"/a\", O_RDONLY) = 3",
            "rt_sigaction(SIGTTOU, {sa_handler=SIG_DFL}, strace: Process 11 attached",
            "{sa_handler=SIG_DFL}, 8) = 0",
            "[pid 11] openat(AT_FDCWD, \"/b\", O_RDONLY) = 3",
            "[pid 10] openat(AT_FDCWD, \"/c\", O_RDONLY) = 3",
            "[pid 10] +++ exited with 0 +++",
            "openat(AT_FDCWD, \"/d\", O_RDONLY) = 3",
            "+++ exited with 0 +++");
        Assert.Equal(
            ["/bin/sh[0]", "/bin/sh[11] < /bin/sh[0]", "/bin/sh[10]", "/bin/sh[11] < /bin/sh[0]"],
            result.Accesses.Where(seen => seen.Access.Operation == Core.Operation.Read).Select(Recording.Chain));
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem is CoverageProblem.CutLog or CoverageProblem.AttachedMidRun);
    }

    [Fact]
    public void The_programs_own_output_may_stand_in_a_line()
    {
        ImportResult result = Recording.Of(
            "openat(AT_FDCWD, \"/a\", O_RDONLY) = 3",
            "write(1, \"hello\\n\"..., 6hello",
            ") = 6",
            "openat(AT_FDCWD, \"/b\", O_RDONLY) = 3");
        Assert.Equal(["Read /a", "Read /b"], result.Accesses());
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void A_line_that_breaks_off_for_good_is_listed()
    {
        ImportResult result = Recording.Of(
            "openat(AT_FDCWD, \"/a\", O_RDONLY", "openat(AT_FDCWD, \"/b\", O_RDONLY) = 3");
        Assert.Equal(["Read /b"], result.Accesses());
        Assert.Equal(1, Assert.Single(result.Lines.Unknown).Origin.Line);
    }

    [Fact]
    public void The_table_of_counts_is_no_event()
    {
        string[] table =
        [
            "% time     seconds  usecs/call     calls    errors syscall",
            "------ ----------- ----------- --------- --------- ----------------",
            " 41.18    0.000007           7         1           close",
            "  0.00    0.000000           0         2         1 openat",
            "------ ----------- ----------- --------- --------- ----------------",
            "100.00    0.000017           2         8         1 total",
        ];
        ImportResult behind = Recording.Of(["openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", "+++ exited with 0 +++", .. table]);
        Assert.Equal(6, behind.Lines[LineKind.Summary]);
        Assert.Equal(["Read /a"], behind.Accesses());

        ImportResult alone = Recording.Of(table);
        Assert.Equal(CoverageState.Failed, alone.Coverage.State);
        Assert.Equal(CoverageProblem.OnlySummary, Assert.Single(alone.Coverage.Reasons).Problem);
    }

    /// <summary>-U names the columns; since 7.1 there are four more. Calls of 32 bits have a table of their own.</summary>
    [Theory]
    [InlineData("% time     seconds  usecs/call     calls    errors  wall-total wall-min wall-max    wall-avg syscall",
        "------ ----------- ----------- --------- --------- ----------- -------- -------- ----------- ----------------",
        " 41.18    0.000007           7         1              0.000010 0.000010 0.000010          10 close",
        "100.00    0.000017           4         4         1    0.000010 0.000010 0.000010          10 total")]
    [InlineData("syscall              calls    errors  wall-total", "---------------- --------- --------- -----------", "close                    1              0.000010",
        "total                    3         1    0.000030")]
    [InlineData(" wall-total wall-min syscall", "----------- -------- ----------------", "   0.000010 0.000010 close", "   0.000010 0.000010 total")]
    [InlineData("% time  shortest   longest syscall", "------ --------- --------- ----------------", "  -nan  0.000007  0.000007 close", "100.00  0.000007  0.000007 total")]
    public void Tables_of_counts_may_have_other_columns(params string[] lines)
    {
        string[] table = [lines[0], lines[1], lines[2], lines[1], lines[3]];
        ImportResult behind = Recording.Of(
            ["openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", .. table, "System call usage summary for 32 bit mode:", .. table, "openat(AT_FDCWD, \"/b\", O_RDONLY) = 3"]);
        Assert.Equal(11, behind.Lines[LineKind.Summary]);
        Assert.Equal(["Read /a", "Read /b"], behind.Accesses());
        Assert.Equal(CoverageProblem.OnlySummary, Assert.Single(Recording.Of(table).Coverage.Reasons).Problem);
    }

    [Fact]
    public void What_only_looks_like_a_table_of_counts_is_listed()
    {
        ImportResult result = Recording.Of(
            "openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", "calls errors", "close 1", "syscall", "close", "syscall calls", "close 1 x(", "total 1");
        Assert.Equal(1, result.Lines[LineKind.Summary]);
        Assert.Equal(6, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void A_last_line_without_a_line_feed_is_a_cut_log()
    {
        ImportResult result = Recording.Of("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n10 openat(AT_FDCWD, \"/b\", O_RD"u8.ToArray());
        Assert.Equal(["Read /a"], result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutInput);
        Assert.Equal(2, Assert.Single(result.Lines.Unknown).Origin.Line);
    }

    [Fact]
    public void Only_failures_were_recorded()
    {
        ImportResult result = Recording.Of("openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory)");
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.FilteredByStatus);
    }
}
