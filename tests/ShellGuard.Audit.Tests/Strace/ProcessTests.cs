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
        Assert.Contains("none for the network, users, descriptors", reason.Text, StringComparison.Ordinal);
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
