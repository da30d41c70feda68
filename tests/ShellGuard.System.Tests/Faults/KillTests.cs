using System.Diagnostics;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

/// <summary>kill -9 at random points, 224 times in all: whatever dies, the cell dies with it, nothing stays behind,
/// and what was written can be looked at.</summary>
public sealed class KillTests
{
    private const string Work = """
        for i in {1..2000}; do
            echo "line $i" >> log
            echo $i > file$((i % 40))
            mkdir -p d$((i % 7)); mv -f file$((i % 40)) d$((i % 7))/ ; rm -f existing/$i
            setsid sleep 60 &
        done
        """;

    [Theory, BothIdentities]
    public void Kill_the_supervisor_34_times(Identity identity) => Repeat(identity, 34, 1, session => [session]);

    /// <summary>Their control groups go too, where this user can have some.</summary>
    [Theory, BothIdentities]
    public void Kill_the_supervisor_of_a_session_with_limits_12_times(Identity identity) =>
        Repeat(identity, 12, 4, session => [session], "--memory", "400M", "--processes", "3000");

    [Theory, BothIdentities]
    public void Kill_process_1_of_the_cell_33_times(Identity identity) =>
        Repeat(identity, 33, 2, Leftovers.ChildrenOf);

    [Theory, BothIdentities]
    public void Kill_the_shell_33_times(Identity identity) =>
        Repeat(identity, 33, 3, session => [.. Leftovers.ChildrenOf(session).SelectMany(Leftovers.ChildrenOf)]);

    private static void Repeat(Identity identity, int times, int seed, Func<int, IReadOnlyList<int>> find, params string[] flags)
    {
        using TestArea area = new(identity);
        for (int i = 0; i < 50; i++)
        {
            area.Write($"existing/{i}", "here before\n");
        }

        Random random = new(seed);
        for (int i = 0; i < times; i++)
        {
            using Process session = area.StartInside(flags, "/bin/bash", "-c", Work);
            session.OutputDataReceived += (_, _) => { };
            session.BeginOutputReadLine();
            session.BeginErrorReadLine();
            Thread.Sleep(random.Next(200));

            // Too early for this one: then at its birth.
            int victim = 0;
            Programs.WaitUntil(
                () => (victim = find(session.Id) is [int first, ..] ? first : 0) != 0, $"the process to kill in round {i}");
            bool ran = Leftovers.ChildrenOf(session.Id).Count > 0;
            Programs.Run("kill", "-9", $"{victim}");

            Assert.True(session.WaitForExit(Programs.Patience), $"the session outlived round {i}");
            Assert.NotEqual(0, session.ExitCode);
            Leftovers.AssertNone(area);
            Inspect(area, ran);
        }
    }

    private static void Inspect(TestArea area, bool ran)
    {
        foreach (string session in area.Sessions)
        {
            if (File.Exists(SessionFiles.Journal(session)))
            {
                JournalVerification journal = Remains.Verify(session);
                Assert.False(ran && journal.Status == JournalStatus.Bad, $"the journal: {journal.Fault}");
            }

            if (ran)
            {
                Assert.NotNull(SessionRecord.Read(session));
                IReadOnlyList<string> changes = Remains.Changes(session);
                string log = $"{SessionFiles.Layers(session)}/1/upper/log";
                if (File.Exists(log))
                {
                    Assert.Contains($"{area.Work}/log", changes);
                    string[] lines = File.ReadAllLines(log);
                    Assert.Equal(Enumerable.Range(1, lines.Length).Select(i => $"line {i}"), lines);
                }
            }
        }

        Assert.Equal(50, Directory.GetFiles($"{area.Work}/existing").Length);
        Assert.False(File.Exists($"{area.Work}/log"), "the work reached the host");
        if (Directory.Exists($"{area.State}/sessions"))
        {
            Programs.Run("rm", "-rf", $"{area.State}/sessions").Succeed();
        }
    }
}
