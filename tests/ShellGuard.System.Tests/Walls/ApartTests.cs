using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>What tells cells of each other is taken from them, and what programs need of it works.</summary>
public sealed class ApartTests
{
    private const string Policy = """
        extends = "default"

        [tags]
        "secret" = "what must not get out"
        "out" = "anybody"

        [[resource]]
        name = "vault"
        net = ["127.0.0.1:9"]
        source = ["secret"]

        [[resource]]
        name = "outside"
        net = ["127.0.0.1:10"]
        sink = ["out"]

        [[conflict]]
        name = "never both"
        never_all = ["secret", "out"]

        [cell.side]
        label = ["secret"]
        commands = ["psql"]
        net = ["127.0.0.1:9"]
        """;

    private static readonly string[] InLobby = [];
    private static readonly string[] InSide = ["--in", "side"];

    [Theory, BothIdentities]
    public void Locks_and_watches_of_own_files_work(Identity identity)
    {
        foreach (string[] where in (string[][])[InLobby, InSide])
        {
            using TestArea area = new(identity);
            string policy = area.Write("walls.toml", Policy);
            Outcome outcome = area.SameResult(["--policy", policy, .. where], $"exec python3 {Helper.PathOf("apart.py")} own");
            Assert.Equal(
                """
                flock 1 7 4
                lockf 1 7 4
                lockf with threads 1 7 4
                inotify 0  True

                """,
                outcome.Output);
        }
    }

    /// <summary>The supervisor waits in the program's place, and nothing of that is seen.</summary>
    [Theory, BothIdentities]
    public void Waits_for_futexes_end_as_they_do_outside(Identity identity)
    {
        foreach (string[] where in (string[][])[InLobby, InSide])
        {
            using TestArea area = new(identity);
            string policy = area.Write("walls.toml", Policy);
            Outcome outcome = area.SameResult(["--policy", policy, .. where], $"exec python3 -u {Helper.PathOf("futex.py")}");
            Assert.EndsWith("pool 500500\n", outcome.Output, StringComparison.Ordinal);
        }
    }

    [Theory, BothIdentities]
    public void Files_that_all_cells_see_tell_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        Assert.Equal(
            """
            /usr/bin/env granted ENOLCK granted
            /usr/bin/env -1 ENOSPC
            /dev/null granted ENOLCK granted
            /dev/null -1 ENOSPC

            """,
            area.Inside(["--policy", policy], "python3", Helper.PathOf("apart.py"), "shared").Succeed().Output);
    }

    [Theory, BothIdentities]
    public void Counters_of_the_machine_stand_still_and_programs_read_them(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        Outcome outcome = area.InsideShell(["--policy", policy], """
            cat /proc/stat /proc/meminfo /proc/vmstat /proc/loadavg > before
            for i in 1 2 3 4 5 6 7 8 9 10; do sh -c :; done
            cat /proc/stat /proc/meminfo /proc/vmstat /proc/loadavg | cmp - before && echo still
            free -b | awk '/^Mem/ { print $2 }'
            ps -e -o comm= | sort -u | grep -x ps
            test "$(nproc)" = "$(getconf _NPROCESSORS_ONLN)" && echo processors
            python3 -c 'import os; print(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))'
            cat /proc/sys/fs/file-nr /proc/sys/kernel/pty/nr | wc -c
            cat /proc/sys/kernel/osrelease > /dev/null && echo read
            """).Succeed();
        string memory = area.OutsideShell("echo $(( $(getconf _PHYS_PAGES) * $(getconf PAGE_SIZE) ))").Succeed().Output.Trim();
        Assert.Equal($"still\n{memory}\nps\nprocessors\n{memory}\n0\nread\n", outcome.Output);
    }
}
