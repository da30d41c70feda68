using System.Diagnostics;
using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Faults;

/// <summary>No event, no action: a session whose journal cannot be written stops, and what it wrote stays.</summary>
public sealed class StorageTests
{
    [Theory, BothIdentities]
    public void A_full_disk_stops_the_session_and_loses_nothing_that_was_written(Identity identity)
    {
        using TestArea area = new(identity);
        string owner = $"size=4m,mode=700,uid={area.Account.Uid},gid={area.Account.Gid}";
        Programs.Run("mount", "-t", "tmpfs", "-o", owner, "shellguard-test", area.State).Succeed();
        try
        {
            Outcome outcome = area.InsideShell([], """
                seq 1 1000 > kept
                dd if=/dev/zero of=big bs=4k 2>/dev/null || echo full $(wc -l < kept)
                for i in $(seq 1000); do /bin/true; done
                echo not reached
                """);
            outcome.EndWith(125);
            Assert.DoesNotContain("not reached", outcome.Output, StringComparison.Ordinal);

            // The shell may still say that it could not run the program which the journal could not take.
            string reason = outcome.Errors.TrimEnd().Split('\n')[^1];
            Assert.StartsWith("shellguard: the journal cannot be written: No space left", reason, StringComparison.Ordinal);

            string session = Assert.Single(area.Sessions);
            Assert.Equal(
                Enumerable.Range(1, 1000).Select(i => i.ToString(CultureInfo.InvariantCulture)),
                File.ReadAllLines($"{SessionFiles.Layers(session)}/1/upper/kept"));
            Assert.Contains($"{area.Work}/kept", Remains.Changes(session));
            Assert.Equal(JournalStatus.NotClosed, Remains.Verify(session).Status);

            // The next session does not start either, and says why.
            Outcome next = area.Inside("/bin/echo", "ran").EndWith(125);
            Assert.Equal("", next.Output);
            Assert.NotEqual("", next.Errors);
        }
        finally
        {
            Programs.WaitUntil(() => Programs.Run("umount", area.State).Status == 0, "the small disk let go");
        }
    }

    [Theory, BothIdentities]
    public void A_journal_that_cannot_grow_stops_the_session(Identity identity)
    {
        using TestArea area = new(identity);
        using Process session = area.StartInside(
            [], "/bin/bash", "-c", "echo ready; read line; /bin/echo after; /bin/echo more");
        Assert.Equal("ready", session.StandardOutput.ReadLine());
        string[] limit = ["prlimit", "--pid", session.Id.ToString(CultureInfo.InvariantCulture), "--fsize=100:100"];
        Programs.Run(Programs.Start([.. area.Account.Prefix, .. limit]), null).Succeed();
        Outcome outcome = Programs.Run(session, "go\n"u8.ToArray());
        outcome.EndWith(125);
        Assert.Equal("", outcome.Output);
        Assert.Contains("the file may not grow (EFBIG; see ulimit -f)", outcome.Errors, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    /// <summary>In KiB. With little nothing runs; with a bit more a command runs, and the journal's end is what does not fit.</summary>
    [Theory, BothIdentities]
    public void Under_a_limit_of_file_sizes_the_reason_is_said(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (int limit in (int[])[0, 1, 2, 3, 4, 0])
        {
            Outcome outcome = area.Outside(
                "/bin/bash", "-c", $"ulimit -f {limit}; exec {string.Join(' ', TestArea.GuardedWordsHere([], "/bin/echo", "ran"))}");
            Assert.True(outcome.Status == 125 || (outcome.Status == 0 && outcome.Errors.Length == 0), $"{limit}: {outcome.Status} {outcome.Errors}");
            Assert.True(outcome.Status == 0 || outcome.Errors.Contains("EFBIG", StringComparison.Ordinal), outcome.Errors);
            Assert.DoesNotContain("inside", outcome.Errors, StringComparison.Ordinal);
            Assert.True(limit > 2 || outcome.Output.Length == 0, "it ran all the same");
        }
    }

    [Theory, BothIdentities]
    public void Storage_that_is_no_directory_or_not_ones_own_runs_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        Directory.Delete(area.State);
        File.WriteAllText(area.State, "in the way");
        Refused(area);
        File.Delete(area.State);
        Directory.CreateSymbolicLink(area.State, area.Home);
        Refused(area);
        File.Delete(area.State);
        Directory.CreateDirectory(area.State);
        File.SetUnixFileMode(area.State, (UnixFileMode)0b111_111_111);
        Refused(area);
    }

    [Theory, BothIdentities]
    public void A_policy_that_is_deleted_or_changed_while_the_session_runs_changes_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("secret", "secret\n");
        string policy = $"{area.Home}/own.toml";
        File.WriteAllText(policy, $"extends = \"default\"\n[files]\nhide = [\"{area.Work}/secret\"]\n");
        using Process session = area.StartInside(
            ["--policy", policy], "/bin/bash", "-c", "echo ready; read line; cat secret 2>/dev/null; echo $?; exit 5");
        Assert.Equal("ready", session.StandardOutput.ReadLine());
        File.Delete(policy);
        Assert.Equal("1\n", Programs.Run(session, "go\n"u8.ToArray()).EndWith(5).Output);
        area.Inside(["--policy", policy], "/bin/echo", "ran").EndWith(125);
    }

    private static void Refused(TestArea area)
    {
        Outcome outcome = area.Inside("/bin/echo", "ran").EndWith(125);
        Assert.Equal("", outcome.Output);
        Assert.Single(outcome.Errors.TrimEnd().Split('\n'));
    }
}
