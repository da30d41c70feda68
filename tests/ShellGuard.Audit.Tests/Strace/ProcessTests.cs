using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>Who did it: processes, threads, reuse of numbers, execve.</summary>
public sealed class ProcessTests
{
    private const string Start = "10 execve(\"/bin/sh\", [\"sh\", \"-x\"], 0x7ffe /* 1 var */) = 0";

    [Fact]
    public void A_number_that_is_used_again_is_another_process()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 clone(child_stack=NULL, flags=SIGCHLD) = 11",
            "11 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 1 var */) = 0",
            "11 openat(AT_FDCWD, \"/x\", O_RDONLY) = 3",
            "11 +++ exited with 0 +++",
            "10 clone(child_stack=NULL, flags=SIGCHLD) = 11",
            "11 execve(\"/bin/b\", [\"b\"], 0x7ffe /* 1 var */) = 0",
            "11 openat(AT_FDCWD, \"/x\", O_RDONLY) = 3",
            "11 +++ exited with 0 +++",
            "10 +++ exited with 0 +++");
        SeenAccess[] reads = [.. result.Accesses.Where(seen => seen.Access.Target == "/x")];
        Assert.Equal(["/bin/a[11] < /bin/sh[10]", "/bin/b[11] < /bin/sh[10]"], reads.Select(Recording.Chain));
        Assert.Equal([1, 2], reads.Select(seen => seen.Access.Chain[0].Generation));
        Assert.Equal("sh|-x", reads[0].Access.Chain[1].Arguments.Words());
        Assert.Equal(CoverageState.Complete, Assert.IsType<CoverageVerdict>(Recording.Of(
            Start, "10 brk(NULL) = 0x55", "10 exit_group(0) = ?", "10 +++ exited with 0 +++").Coverage).State);
    }

    [Fact]
    public void A_number_is_used_again_although_nobody_said_that_it_ended()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 vfork() = 11",
            "11 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 1 var */) = 0",
            "10 vfork() = 11",
            "11 openat(AT_FDCWD, \"/x\", O_RDONLY) = 3");
        SeenAccess read = result.Accesses.Single(seen => seen.Access.Target == "/x");
        Assert.Equal("/bin/sh[11] < /bin/sh[10]", read.Chain());
        Assert.Equal(2, read.Access.Chain[0].Generation);
    }

    [Fact]
    public void A_child_may_show_itself_before_the_call_that_made_it_returns()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 chdir(\"/w\") = 0",
            "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>",
            "11 openat(AT_FDCWD, \"x\", O_RDONLY) = 3",
            "11 +++ exited with 0 +++",
            "10 <... clone resumed>, child_tidptr=0x7f) = 11",
            "10 +++ exited with 0 +++");
        SeenAccess read = result.Accesses.Single(seen => seen.Access.Target == "/w/x");
        Assert.Equal("/bin/sh[11] < /bin/sh[10]", read.Chain());
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem is CoverageProblem.NotFollowed
            or CoverageProblem.GuessedParents or CoverageProblem.AttachedMidRun);
    }

    [Fact]
    public void With_two_possible_parents_nothing_is_guessed()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 clone(flags=SIGCHLD) = 11",
            "11 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 1 var */) = 0",
            "11 chdir(\"/a\") = 0",
            "10 chdir(\"/b\") = 0",
            "10 clone(flags=SIGCHLD <unfinished ...>",
            "11 clone(flags=SIGCHLD <unfinished ...>",
            "12 openat(AT_FDCWD, \"x\", O_RDONLY) = 3",
            "13 openat(AT_FDCWD, \"x\", O_RDONLY) = 3",
            "10 <... clone resumed>) = 13",
            "11 <... clone resumed>) = 12",
            "12 +++ exited with 0 +++",
            "13 +++ exited with 0 +++");
        Assert.Equal(
            ["/bin/a[12] < /bin/a[11] < /bin/sh[10]", "/bin/sh[13] < /bin/sh[10]"],
            result.Accesses.Where(seen => seen.Access.Target is "/a/x" or "/b/x").Select(Recording.Chain));
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.GuessedParents);
    }

    [Fact]
    public void A_thread_that_executes_goes_on_with_the_leaders_number()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD} => {parent_tid=[0]}, 88) = 11",
            "11 execve(\"/bin/new\", [\"new\"], 0x7ffe /* 1 var */ <unfinished ...>",
            "10 +++ superseded by execve in pid 11 +++",
            "10 <... execve resumed>) = 0",
            "10 openat(AT_FDCWD, \"/x\", O_RDONLY) = 3",
            "10 +++ exited with 0 +++");
        Assert.Equal("/bin/new[10]", result.Accesses.Single(seen => seen.Access.Target == "/x").Chain());
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem is CoverageProblem.UnpairedCalls
            or CoverageProblem.UnfinishedCalls or CoverageProblem.CutLog);
    }

    [Fact]
    public void The_search_along_PATH_is_probes_and_one_execution()
    {
        ImportResult result = Recording.Of(
            Start,
            "10 execve(\"/usr/local/bin/x\", [\"x\"], 0x7ffe /* 1 var */) = -1 ENOENT (No such file or directory)",
            "10 execve(\"/usr/bin/x\", [\"x\"], 0x7ffe /* 1 var */) = 0");
        Assert.Equal(
            [": Execute /bin/sh", "/bin/sh: Execute /usr/bin/x", "/bin/sh: Execute /usr/local/bin/x ENOENT"], result.WithPrograms());
    }

    [Fact]
    public void The_user_is_followed()
    {
        ImportResult result = Recording.Of(
            Start, "10 geteuid() = 0", "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", "10 setresuid(42, 42, 42) = 0",
            "10 openat(AT_FDCWD, \"/b\", O_RDONLY) = 3", "10 fork() = 11", "11 openat(AT_FDCWD, \"/c\", O_RDONLY) = 3",
            "10 openat(AT_FDCWD, \"/d\", O_RDONLY) = -1 EACCES (Permission denied)");
        Assert.Equal(
            [("/a", 0u), ("/b", 42u), ("/c", 42u), ("/d", 42u)],
            result.Accesses.Where(seen => seen.Access.Operation == Core.Operation.Read)
                .Select(seen => (seen.Access.Target, seen.Access.Chain[0].User!.Value)));
    }

    [Theory]
    [InlineData("10 fork() = 11", CoverageProblem.NotFollowed)]
    [InlineData("10 io_uring_setup(8, {flags=0}) = 3", CoverageProblem.IoUring)]
    [InlineData("10 clone(child_stack=NULL, flags=CLONE_UNTRACED|SIGCHLD) = 11", CoverageProblem.UntracedClone)]
    [InlineData("10 execve(\"/usr/bin/sudo\", [\"sudo\"], 0x7ffe /* 1 var */) = 0", CoverageProblem.SetUserId)]
    [InlineData("10 ptrace(PTRACE_TRACEME) = -1 EPERM (Operation not permitted)", CoverageProblem.TracerAware)]
    [InlineData("10 read(3, <detached ...>", CoverageProblem.Detached)]
    [InlineData("strace: Process 10 detached", CoverageProblem.Detached)]
    [InlineData("12 read(0, \"\", 1) = 0", CoverageProblem.AttachedMidRun)]
    [InlineData("10 openat(AT_FDCWD, \"x\", O_RDONLY) = 3", CoverageProblem.UnresolvedPaths)]
    [InlineData("10 getpid() = 10", CoverageProblem.CutLog)]
    public void What_is_missing_is_said(string line, CoverageProblem expected)
    {
        ImportResult result = Recording.Of(Start, "10 brk(NULL) = 0x55", line);
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == expected);
        Assert.All(result.Coverage.Reasons, reason => Assert.Matches("^[^A-Z].*[^.]$", reason.Text));
    }

    [Fact]
    public void A_recording_of_some_calls_only_is_said()
    {
        ImportResult result = Recording.Of(
            Start, "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3", "10 +++ exited with 0 +++");
        CoverageReason reason = Assert.Single(result.Coverage.Reasons);
        Assert.Equal(CoverageProblem.FilteredCalls, reason.Problem);
        Assert.Contains("none for processes, the network, users, descriptors", reason.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "processes, the network, users")] // %file,%desc
    [InlineData("10 arch_prctl(ARCH_SET_FS, 0x7f) = 0|10 exit_group(0) = ?", "the network, users")] // %file,%desc,%process
    [InlineData("10 arch_prctl(ARCH_SET_FS, 0x7f) = 0|10 getuid() = 0|10 exit_group(0) = ?", "the network")] // %file,%desc,%process,%creds
    public void A_program_with_libraries_that_never_gives_memory_back_was_recorded_in_part(string others, string missing)
    {
        ImportResult result = Recording.Of(
        [
            Start, "10 openat(AT_FDCWD, \"/lib/libc.so.6\", O_RDONLY|O_CLOEXEC) = 3", "10 read(3, \"\\177ELF\", 832) = 832",
            "10 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_DENYWRITE, 3, 0) = 0x7f", "10 close(3) = 0",
            .. others.Split('|', StringSplitOptions.RemoveEmptyEntries), "10 +++ exited with 0 +++",
        ]);
        CoverageReason reason = Assert.Single(result.Coverage.Reasons);
        Assert.Equal(CoverageProblem.FilteredCalls, reason.Problem);
        Assert.Contains($"none for {missing}:", reason.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10 write(1, \"x\", 1) = 1;10 exit(0) = ?;10 +++ exited with 0 +++")] // assembler, without a library
    [InlineData("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3;10 read(3, \"x\", 1) = 1;10 exit(0) = ?;10 +++ exited with 0 +++")]
    [InlineData("10 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f;10 exit_group(0) = ?;10 +++ exited with 0 +++")]
    [InlineData("10 brk(NULL) = 0x55;10 openat(AT_FDCWD, \"/lib/libc.so.6\", O_RDONLY|O_CLOEXEC) = 3;10 exit_group(0) = ?;10 +++ exited with 0 +++")]
    [InlineData("10 write(1, \"x\", 1) = 1;10 +++ killed by SIGKILL +++")]
    [InlineData("10 openat(AT_FDCWD, \"/a.so\", O_RDONLY) = 3;10 mmap(NULL, 1, PROT_READ, MAP_PRIVATE, 3, 0) = 0x7f;10 close(3) = 0;10 getuid() = 0;"
        + "10 socket(AF_UNIX, SOCK_STREAM, 0) = 3;10 exit_group(0) = ?;10 +++ exited with 0 +++")] // all groups are there
    public void A_small_program_is_recorded_whole(string lines) =>
        Assert.Equal(CoverageState.Complete, Recording.Of([Start, .. lines.Split(';')]).Coverage.State);

    [Theory]
    [InlineData("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3")]
    [InlineData("10 --- SIGTERM {si_signo=SIGTERM} ---")]
    [InlineData("10 +++ exited with 0 +++")]
    public void What_does_not_begin_with_an_execution_began_before(string line)
    {
        ImportResult result = Recording.Of(line, "10 read(0, \"\", 1) = 0", "10 +++ killed by SIGTERM +++");
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.AttachedMidRun);
    }

    [Theory]
    [InlineData("10 memfd_create(\"evil\", MFD_CLOEXEC) = 3", "3", "Execute memfd evil")]
    [InlineData("10 memfd_create(\"\", 0) = 3", "3", "Execute memfd")]
    [InlineData("10 getpid() = 10", "3</memfd:evil>(deleted)", "Execute memfd evil")]
    [InlineData("10 getpid() = 10", "3</tmp/gone>(deleted)", "Execute ?/tmp/gone (deleted)")]
    [InlineData("10 getpid() = 10", "3", "Execute ?descriptor 3")]
    [InlineData("10 openat(AT_FDCWD, \"/tmp\", O_RDWR|O_TMPFILE, 0700) = 3", "3", "Execute ?descriptor 3")]
    public void A_program_without_a_file_is_an_execution_too(string before, string descriptor, string expected)
    {
        ImportResult result = Recording.Of(
            Start, before, $"10 execveat({descriptor}, \"\", [\"evil\"], 0x7ffe /* 1 var */, AT_EMPTY_PATH) = 0",
            "10 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3");
        Assert.Contains(expected, result.Accesses());
        Assert.Contains($"{expected["Execute ".Length..].TrimStart('?')}: Read /a", result.WithPrograms());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnresolvedPaths);
    }

    [Fact]
    public void A_program_that_is_opened_first_is_the_one_that_is_executed()
    {
        ImportResult result = Recording.Of(
            Start, "10 openat(AT_FDCWD, \"/bin/a\", O_PATH) = 3", "10 execveat(3, \"\", [\"a\"], 0x7ffe /* 1 var */, AT_EMPTY_PATH) = 0");
        Assert.Contains("Execute /bin/a", result.Accesses());
        Assert.DoesNotContain(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnresolvedPaths);
    }

    [Fact]
    public void A_program_that_cannot_be_told_is_said() =>
        Assert.Contains(
            Recording.Of(Start, "10 execve(NULL, [\"a\"], NULL) = 0").Coverage.Reasons, reason => reason.Problem == CoverageProblem.UndecodedArguments);

    [Theory]
    [InlineData("fchmod(7, 04755) = 0", "ChangeAttributes ?descriptor 7")]
    [InlineData("fchown(7, 0, 0) = 0", "ChangeAttributes ?descriptor 7 -> user 0 group 0")]
    [InlineData("fchownat(7, \"\", 0, 0, AT_EMPTY_PATH) = 0", "ChangeAttributes ?descriptor 7 -> user 0 group 0")]
    [InlineData("ftruncate(7, 0) = 0", "Write ?descriptor 7")]
    [InlineData("getdents64(7, 0x55 /* 5 entries */, 32768) = 144", "List ?descriptor 7")]
    [InlineData("mmap(NULL, 1, PROT_READ|PROT_EXEC, MAP_PRIVATE, 7, 0) = 0x7f", "MapExecutable ?descriptor 7")]
    public void A_descriptor_from_elsewhere_is_an_access_to_something_unknown(string line, string expected)
    {
        ImportResult result = Recording.Of(Start, "10 recvmsg(5, {msg_name=NULL}, 0) = 1", "10 " + line);
        Assert.Contains(expected, result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnresolvedPaths);
    }

    [Fact]
    public void Signals_name_the_program_that_they_are_for()
    {
        ImportResult result = Recording.Of(
            Start, "10 fork() = 11", "11 execve(\"/bin/sleep\", [\"sleep\"], 0x7ffe /* 1 var */) = 0",
            "10 kill(11, SIGTERM) = 0", "10 kill(10, SIGUSR1) = 0", "10 tgkill(10, 10, SIGUSR1) = 0");
        Assert.Equal(["Signal /bin/sleep"], result.Accesses().Where(access => access.StartsWith("Signal", StringComparison.Ordinal)));
    }
}
