using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>When processes begin and end, what they were given and what they used.</summary>
public sealed class LifeTests
{
    [Fact]
    public void Absolute_times_are_microseconds_since_1970()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.000001 execve(\"/bin/sh\", [\"sh\", \"-c\", \"x\"], 0x1 /* 3 vars */) = 0", "10 1700000000.5 fork() = 11",
            "11 1700000001.000000123 execve(\"/bin/x\", [\"x\"], 0x1 /* 3 vars */) = 0", "11 1700000002 exit_group(3) = ?", "11 1700000003.25 +++ exited with 3 +++",
            "10 1700000004 +++ killed by SIGRT_5 (core dumped) +++");
        Assert.Equal(TraceClock.Utc, result.Inputs[0].Clock);
        Assert.Equal(["10.1 -1 1700000000000001-1700000004000000 SIGRT /bin/sh(sh|-c|x)", "11.1 0 1700000000500000-1700000003250000 3 /bin/x(x)"], result.Processes.Select(Text));
    }

    [Fact]
    public void A_time_of_day_goes_on_behind_midnight()
    {
        ImportResult result = Recording.Of(
            "10 23:59:59.500000 execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", "10 00:00:01 fork() = 11", "11 00:00:02.5 exit_group(0) = ?",
            "11 00:00:03.000000 +++ exited with 0 +++", "10 00:00:04.000000 +++ exited with 0 +++");
        Assert.Equal(TraceClock.Day, result.Inputs[0].Clock);
        Assert.Equal(["10.1 -1 86399500000-86404000000 0 /bin/a(a)", "11.1 0 86401000000-86403000000 0 "], result.Processes.Select(Text));
    }

    [Fact]
    public void Differences_between_lines_add_up()
    {
        ImportResult result = Recording.Of(
            "10      0.000000 execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", "10      0.000124 openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory)",
            "10      1.500000 fork() = 11", "11      0.250000 exit_group(0) = ?", "11      0.000001 +++ exited with 0 +++", "10      0.100000 +++ exited with 0 +++");
        Assert.Equal(TraceClock.Uptime, result.Inputs[0].Clock);
        Assert.Equal(["10.1 -1 0-1850125 0 /bin/a(a)", "11.1 0 1500124-1750125 0 "], result.Processes.Select(Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("99:00:00 ")]
    [InlineData("(+     0.000124) ")]
    public void Without_such_a_time_there_is_none(string time)
    {
        ImportResult result = Recording.Of($"10 {time}execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", $"10 {time}+++ exited with 0 +++");
        Assert.Equal(TraceClock.None, result.Inputs[0].Clock);
        Assert.Equal(["10.1 -1 - 0 /bin/a(a)"], result.Processes.Select(Text));
    }

    [Fact]
    public void A_number_that_is_used_again_is_another_life()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.0 execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", "10 1700000001.0 fork() = 11", "11 1700000002.0 +++ exited with 0 +++",
            "10 1700000003.0 fork() = 11", "11 1700000004.0 +++ exited with 1 +++", "10 1700000005.0 +++ exited with 0 +++");
        Assert.Equal(["10.1", "11.1", "11.2"], result.Processes.Select(process => $"{process.Pid}.{process.Generation}"));
        Assert.Equal([0, 0, 1], result.Processes.Select(process => process.Status!.Value));
    }

    [Fact]
    public void Threads_are_one_life_that_ends_with_the_last_of_them()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.0 execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", "10 1700000001.0 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND) = 11",
            "10 1700000002.0 +++ exited with 0 +++", "11 1700000003.0 +++ exited with 4 +++");
        Assert.Equal(["10.1 -1 1700000000000000-1700000003000000 4 /bin/a(a)"], result.Processes.Select(Text));
    }

    [Fact]
    public void A_process_that_only_goes_on_ran_nothing_and_its_end_may_be_missing()
    {
        ImportResult result = Recording.Of("10 1700000000.0 execve(\"/bin/a\", [\"a\"], 0x1 /* 3 vars */) = 0", "10 1700000001.0 fork() = 11", "11 1700000002.0 chdir(\"/\") = 0");
        Assert.Equal(["10.1 -1 1700000000000000- none /bin/a(a)", "11.1 0 1700000001000000- none "], result.Processes.Select(Text));
    }

    [Fact]
    public void At_most_eight_programs_are_kept_and_all_are_counted()
    {
        ImportResult result = Recording.Of(Enumerable.Range(0, 10).Select(number => $"10 execve(\"/bin/{number}\", [\"x\"], 0x1 /* 3 vars */) = 0"));
        SeenProcess process = Assert.Single(result.Processes);
        Assert.Equal((8, 10L), (process.Programs.Count, process.Executions));
    }

    [Fact]
    public void Of_variables_only_names_are_kept()
    {
        ImportResult result = Recording.Of(
            "10 execve(\"/bin/a\", [\"a\"], [\"HOME=/root\", \"TOKEN=hunter2\", \"CUT=abc\"..., \"CUTNAME\"..., \"EMPTY=\", \"=x\", \"NL\\nNAME=1\"]) = 0",
            "10 fork() = 11", "11 execve(\"/bin/b\", [\"b\"], [\"HOME=/\", \"ADDED=hunter2\"]) = 0", "11 execve(\"/bin/c\", [\"c\"], [\"FAILED=1\"]) = -1 ENOENT (x)");
        Assert.Equal(["ADDED False 1", "CUT True 1", "EMPTY True 1", "HOME True 2", "NL\nNAME True 1", "TOKEN True 1"], result.Environment.Select(variable => $"{variable.Name} {variable.IsGiven} {variable.Count}"));
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(AuditSample.Write(result)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_our_tracer_says_of_the_command_is_read()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.0 +++ started by shellguard as user 0 in \"/\" +++", "10 1700000000.0 +++ given by shellguard: \"HOME\" \"A\\\"B\" +++",
            "10 1700000001.0 +++ used: utime=1 stime=2 maxrss=3 rchar=4 wchar=5 read_bytes=6 write_bytes=7 +++", "10 1700000001.0 +++ exited with 0 +++");
        Assert.Equal(["A\"B", "HOME"], result.Environment.Select(variable => variable.Name));
        Assert.Equal(new ResourceUse(1, 2, 3, 4, 5, 6, 7), Assert.Single(result.Processes).Use);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Theory]
    [InlineData("+++ given by shellguard: HOME +++")]
    [InlineData("+++ given by shellguard: \"HOME")]
    [InlineData("+++ used: utime=1 stime=2 +++")]
    [InlineData("+++ used: utime=x stime=2 maxrss=3 +++")]
    [InlineData("+++ used: utime=99999999999999999999 stime=2 maxrss=3 +++")]
    public void What_it_would_not_say_is_not_understood(string line) =>
        Assert.Equal(1, Recording.Of("10 mkdir(\"/a\", 0755) = 0", $"10 {line}").Lines[LineKind.Unknown]);

    [Fact]
    public void An_audit_and_a_merge_of_audits_keep_all_of_it()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.0 execve(\"/bin/a\", [\"a\", \"\\377\"], [\"HOME=/\"]) = 0", "10 1700000001.0 fork() = 11", "11 1700000002.0 +++ used: utime=1 stime=2 maxrss=3 +++",
            "11 1700000002.0 +++ killed by SIGKILL +++", "10 1700000003.0 +++ exited with 255 +++");
        AuditFile file = AuditSample.Again(result);
        Assert.Equal(result.Processes.Select(Text), file.Result.Processes.Select(Text));
        Assert.Equal(result.Environment, file.Result.Environment);
        Assert.Equal(TraceClock.Utc, file.Result.Inputs[0].Clock);
        Assert.Equal(AuditSample.Write(result), AuditSample.Write(file.Result));
        ImportResult merged = AuditSample.Again(AuditMerge.Of([new NamedAudit("a", file), new NamedAudit("b", file)])).Result;
        Assert.Equal([-1, 0, -1, 2], merged.Processes.Select(process => process.Parent));
        Assert.Equal([0, 0, 1, 1], merged.Processes.Select(process => process.Origin.Input));
        Assert.Equal(2, Assert.Single(merged.Environment).Count);
        Assert.Equal([1L, 1L], RunResources.Of(merged).Select(used => used.User));
    }

    private static string Text(SeenProcess process) =>
        $"{process.Pid}.{process.Generation} {process.Parent} {process.Start}-{process.End} {process.Signal ?? process.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} "
        + string.Join(' ', process.Programs.Select(ran => $"{ran.Program}({ran.Arguments.Words()})"));
}
