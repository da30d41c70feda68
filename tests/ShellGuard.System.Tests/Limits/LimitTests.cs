using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Limits;

/// <summary>Limits hold, are told and written down, and leave nothing behind.</summary>
public sealed class LimitTests
{
    private const string ForkUntilRefused = """
        import os, time
        made = 0
        try:
            for _ in range(60):
                if os.fork() == 0:
                    time.sleep(3)
                    os._exit(0)
                made += 1
        except BlockingIOError:
            pass
        print(made)
        """;

    [Fact]
    public void Memory_is_held_for_all_processes_together()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = area.Inside(["--memory", "150MiB"], "python3", "-c", "x = b'a' * (400 << 20); print('has it')");
        outcome.EndWith(137);
        Assert.DoesNotContain("has it", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("limit reached: memory 150 MiB", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"limit\"", Journal(area), StringComparison.Ordinal);
        Assert.Empty(Groups(area));
    }

    [Fact]
    public void Private_directories_in_memory_count_too()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = area.InsideShell(["--memory", "150MiB"], "head -c 400M /dev/zero > /tmp/much && echo has it");
        Assert.DoesNotContain("has it", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("limit reached: memory", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Processes_are_counted_in_the_cell_alone(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Inside(["--processes", "20"], "python3", "-c", ForkUntilRefused).Succeed();

        // The command itself is one of the twenty, the reaper is not.
        Assert.Equal("19\n", outcome.Output);
        Assert.Empty(Groups(area));
    }

    /// <summary>Every process forks for two seconds as often as it can.</summary>
    [Theory, BothIdentities]
    public async Task A_fork_bomb_hurts_neither_the_host_nor_the_session(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("bomb.py", """
            import os, time
            end, first = time.monotonic() + 2, os.getpid()
            while time.monotonic() < end:
                try:
                    os.fork()
                except OSError:
                    time.sleep(0.001)
            if os.getpid() == first:
                print('over', flush=True)
            """);
        using Process session = area.StartInside(
            ["--processes", "40"], "/bin/bash", "-c", "python3 bomb.py; until /bin/true; do :; done; echo goes on");
        int most = 0;
        Task<string> output = session.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = session.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Programs.WaitUntil(
            () =>
            {
                most = Math.Max(most, Leftovers.CellProcesses(area).Count());
                Programs.Run(Programs.Start([.. area.Account.Prefix, "/bin/true"]), null).Succeed();
                return session.HasExited;
            },
            "the session's end");
        Assert.Equal("over\ngoes on\n", await output);
        Assert.Equal(0, session.ExitCode);

        // With the reaper.
        Assert.InRange(most, 20, 41);
        if (identity == Identity.Root)
        {
            // Without control groups the kernel counts, and tells nobody.
            Assert.Contains("limit reached: processes 40", await errors, StringComparison.Ordinal);
            Assert.Contains("\"event\":\"limit\"", Journal(area), StringComparison.Ordinal);
        }

        Leftovers.AssertNone(area);
    }

    [Fact]
    public void A_fork_bomb_ends_with_its_time()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = area.Inside(
            ["--processes", "40", "--wall-time", "4s"], "python3", "-c",
            "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n");
        outcome.EndWith(125);
        Assert.Contains("limit reached: processes 40", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(Groups(area));
    }

    [Fact]
    public void Processor_time_is_held()
    {
        using TestArea area = new(Identity.Root);
        const string busy = "import os, time\nend = time.monotonic() + 2\nwhile time.monotonic() < end: pass\n"
            + "print(sum(os.times()[:2]) < 1.2)";
        Outcome outcome = area.Inside(["--cpu", "25%"], "python3", "-c", busy).Succeed();
        Assert.Equal("True\n", outcome.Output);
        Assert.Contains("limit reached: CPU time 25%", outcome.Errors, StringComparison.Ordinal);
        Assert.Matches("\"event\":\"limit\".*--cpu 25%", Journal(area));
    }

    [Theory, BothIdentities]
    public void Wall_time_ends_the_session_and_is_written_down(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell(["--wall-time", "1s"], "echo begun; trap '' TERM HUP; sleep 1000; echo survived").EndWith(125);
        Assert.Equal("begun\n", outcome.Output);
        Assert.Contains("limit reached: wall time", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"limit\"", Journal(area), StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_layer_that_grows_too_large_ends_the_session_and_is_kept(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell(
            ["--layer", "10MiB"], "for i in $(seq 40); do head -c 4M /dev/urandom > f$i; sleep 0.3; done; echo survived");
        outcome.EndWith(125);
        Assert.DoesNotContain("survived", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("limit reached: layer size 10 MiB", outcome.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles($"{area.Sessions[0]}/layers", "f1", SearchOption.AllDirectories));
    }

    [Theory, BothIdentities]
    public void Open_files_are_held_and_never_above_the_callers_own(Identity identity)
    {
        using TestArea area = new(identity);
        Assert.Equal("100\n", area.InsideShell(["--open-files", "100"], "ulimit -Hn").Succeed().Output);
        string guarded = string.Join(' ', area.GuardedWords(["--open-files", "100000"], "/bin/sh", "-c", "'ulimit -Hn'"));
        Outcome outcome = Programs.Run(
            Programs.Start(["/bin/bash", "-c", $"ulimit -n 512; {guarded}"], area.Work, area.Environment), null);
        Assert.Equal("512\n", outcome.Succeed().Output);
    }

    [Fact]
    public void A_limit_that_nothing_holds_is_a_refusal()
    {
        using TestArea area = new(Identity.Ordinary);
        Outcome refused = area.Inside(["--memory", "100MiB"], "echo", "ran").EndWith(125);
        Assert.Equal("", refused.Output);
        Assert.Contains("memory 100 MiB cannot be held", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--memory none", refused.Errors, StringComparison.Ordinal);
        Assert.Single(refused.Errors.TrimEnd('\n').Split('\n'));
        Assert.Empty(area.Sessions);

        Outcome degraded = area.Inside(["--memory", "100MiB", "--allow-degraded"], "echo", "ran").Succeed();
        Assert.Equal("ran\n", degraded.Output);
        Assert.Contains("degraded: the limit of memory 100 MiB does not hold", degraded.Errors, StringComparison.Ordinal);
        Assert.Contains("\"event\":\"degraded\"", Journal(area), StringComparison.Ordinal);
    }

    [Fact]
    public void The_groups_of_a_killed_supervisor_go_with_it_or_with_the_next_session()
    {
        using TestArea area = new(Identity.Root);
        Kill(area, beside: false);
        Programs.WaitUntil(() => Groups(area).Count == 0, "the end of the groups");

        // Who removes them can be killed, too.
        Kill(area, beside: true);
        Assert.NotEmpty(Groups(area));
        area.Inside(["--memory", "300MiB", "--processes", "50"], "true").Succeed();
        Assert.Empty(Groups(area));
    }

    /// <param name="beside">Also the sweeper, and before.</param>
    private static void Kill(TestArea area, bool beside)
    {
        using Process killed = area.StartInside(["--memory", "300MiB", "--processes", "50"], "sleep", "1000");
        Programs.WaitUntil(() => Groups(area).Count > 0 && Processes(area).Count > 1, "a cell in its group");
        if (beside)
        {
            Programs.Run("pkill", "-9", "-P", $"{killed.Id}", "-f", "^shellguard-sweeper").Succeed();
        }

        killed.Kill();
        killed.WaitForExit();
        Programs.WaitUntil(() => Processes(area).Count == 0, "an empty group");
    }

    private static string Journal(TestArea area) =>
        string.Concat(area.Sessions.Select(session => File.ReadAllText($"{session}/journal.jsonl")));

    private static List<string> Groups(TestArea area) =>
    [
        .. area.Sessions.SelectMany(session => Programs.Run(
            "find", "/sys/fs/cgroup", "-name", $"shellguard-{Path.GetFileName(session)}*").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];

    private static List<string> Processes(TestArea area) =>
        [.. Groups(area).SelectMany(group => Leftovers.Read($"{group}/cgroup.procs").Split('\n', StringSplitOptions.RemoveEmptyEntries))];
}
