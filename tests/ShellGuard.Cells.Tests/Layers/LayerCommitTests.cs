using ShellGuard.Cells.Layers;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

public class LayerCommitTests
{
    [Fact]
    public void A_conflict_is_refused_kept_or_taken()
    {
        using OverlaySession session = new("echo 1 > a; mkdir d; echo 1 > d/x");
        session.Record();
        session.Run("echo mine > a; rm -r d");
        OverlaySession.Shell(session.Target, "echo theirs > a; echo new > d/y");
        Assert.All(session.Commit().Entries, entry => Assert.Equal(CommitOutcome.Conflict, entry.Outcome));
        Assert.All(
            session.Commit(resolve: _ => ConflictAnswer.KeepHost).Entries,
            entry => Assert.Equal(CommitOutcome.Skipped, entry.Outcome));
        Assert.Equal("theirs\n", Read(session, "a"));
        Assert.Equal("new\n", Read(session, "d/y"));
        Assert.True(session.Commit(resolve: _ => ConflictAnswer.TakeLayer).IsComplete);
        Assert.Equal("mine\n", Read(session, "a"));
        Assert.False(Path.Exists(Path.Combine(session.Target, "d")));
    }

    [Theory]
    [InlineData("check a", "echo theirs > a")]
    [InlineData("fill a", "echo theirs > a")]
    [InlineData("exchange a", "echo theirs > a")]
    [InlineData("exchange a", "echo theirs > t; mv t a")]
    [InlineData("move aside b", "echo theirs > b")]
    [InlineData("move aside d", "echo theirs > d/x")]
    [InlineData("move aside d", "echo theirs > d/new")]
    [InlineData("place n", "echo theirs > n")]
    [InlineData("exchange l", "ln -sf theirs l2; mv -T l2 l")]
    public void What_the_host_does_in_the_middle_is_not_lost(string step, string host)
    {
        using OverlaySession session = new("echo 1 > a; echo 1 > b; mkdir d; echo 1 > d/x; ln -s a l");
        session.Record();
        session.Run("echo mine > a; rm b; rm -r d; echo mine > n; ln -sf b l");
        CommitReport report = session.Commit(step: now =>
        {
            if (now == step)
            {
                OverlaySession.Shell(session.Target, host);
            }
        });
        CommitEntry lost = Assert.Single(report.Entries, entry => entry.Outcome != CommitOutcome.Committed);
        Assert.Equal(CommitOutcome.Conflict, lost.Outcome);
        string found = OverlaySession.Shell(session.Target, "cat a b n d/x d/new 2>/dev/null || true; readlink l");
        Assert.Contains("theirs", found, StringComparison.Ordinal);
        Assert.Empty(Leftovers(session));
        Assert.Equal(lost.Path, Assert.Single(session.Diff()).Path);
    }

    [Fact]
    public void Nothing_that_could_raise_privileges_reaches_the_host()
    {
        using OverlaySession session = new("echo 1 > a; echo 1 > b");
        session.Record();
        session.Run("echo x > s; chmod 6755 s; chmod u+s a; echo x > cap; setcap cap_net_raw+ep cap; mknod dev b 8 0;"
            + "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")';"
            + "python3 -c 'import os; os.setxattr(\"s\", \"user.ok\", b\"1\"); os.setxattr(\"s\", \"trusted.no\", b\"1\")'");
        CommitReport report = session.Commit();
        Assert.Equal(
            ["dev", "sock"],
            report.Entries.Where(entry => entry.Outcome == CommitOutcome.Refused).Select(entry => entry.Path));
        Assert.Equal("755\n644\n", OverlaySession.Shell(session.Target, "stat -c %a s a"));
        Assert.Equal("", OverlaySession.Shell(session.Target, "getcap cap"));
        Assert.Equal(
            "['user.ok']\n",
            OverlaySession.Shell(session.Target, "python3 -c 'import os; print(os.listxattr(\"s\"))'"));
        Assert.False(Path.Exists(Path.Combine(session.Target, "dev")));
    }

    [Fact]
    public void A_planted_link_in_the_way_is_not_followed()
    {
        using OverlaySession session = new("mkdir -p d/e; echo 1 > d/e/x");
        Directory.CreateDirectory(Path.Combine(session.Root, "outside/e"));
        session.Record();
        session.Run("echo mine > d/e/x; echo mine > d/e/y; rm -r d/e; mkdir d/e; echo z > d/e/z");
        OverlaySession.Shell(session.Target, "mv d real; ln -s ../outside d");
        CommitReport report = session.Commit(resolve: _ => ConflictAnswer.TakeLayer);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(session.Root, "outside/e")));
        Assert.NotEmpty(report.Entries);
    }

    [Fact]
    public void A_parent_that_is_swapped_for_a_link_leads_nowhere()
    {
        using OverlaySession session = new("mkdir d; seq 1 300 | while read i; do echo $i > d/f$i; done");
        string outside = Path.Combine(session.Root, "outside");
        Directory.CreateDirectory(outside);
        OverlaySession.Shell(outside, "seq 1 600 | while read i; do echo canary > f$i; done");
        session.Record();
        session.Run("cd d; seq 1 600 | while read i; do echo mine > f$i; done; seq 1 50 | while read i; do rm f$i; done");
        string inside = Path.Combine(session.Target, "d");
        File.CreateSymbolicLink(Path.Combine(session.Target, "aside"), outside);
        Files.Open(session.Target, OpenFlags.RDONLY | OpenFlags.DIRECTORY, out Descriptor target).OrThrow();
        using Descriptor owned = target;
        using CancellationTokenSource stop = new();
        int swaps = 0;
        Thread attacker = new(() =>
        {
            while (!stop.IsCancellationRequested || new FileInfo(inside).LinkTarget is not null)
            {
                Files.Rename(target, "d", target, "aside", RenameFlags.EXCHANGE);
                swaps++;
                Thread.Yield();
            }
        });
        attacker.Start();
        for (int i = 0; i < 20; i++)
        {
            session.Commit(resolve: _ => ConflictAnswer.TakeLayer);
        }

        stop.Cancel();
        attacker.Join();
        Assert.True(swaps > 20, $"only {swaps} swaps");
        Assert.Equal("600\n", OverlaySession.Shell(outside, "cat * | grep -c canary"));
        Assert.Equal(600, Directory.EnumerateFileSystemEntries(outside).Count());
        Assert.True(session.Commit(resolve: _ => ConflictAnswer.TakeLayer).IsComplete);
        Assert.Empty(session.DiffLines());
    }

    [Fact]
    public void A_full_host_keeps_its_files_and_the_layer()
    {
        using OverlaySession session = new("true");
        OverlaySession.Shell(session.Root, "mount -t tmpfs -o size=1m tmpfs target");
        try
        {
            OverlaySession.Shell(session.Target, "echo old > big; echo old > small");
            session.Record();
            session.Run("head -c 3000000 /dev/urandom > big; echo new > small; ");
            CommitReport report = session.Commit();
            CommitEntry refused = Assert.Single(report.Entries, entry => entry.Outcome == CommitOutcome.Refused);
            Assert.Contains("full", refused.Reason, StringComparison.Ordinal);
            Assert.Equal("old\n", Read(session, "big"));
            Assert.Equal("new\n", Read(session, "small"));
            Assert.Equal(["big"], session.Diff().Select(change => change.Path));
            Assert.Empty(Leftovers(session));
            OverlaySession.Shell(session.Root, "mount -o remount,size=8m target");
            Assert.True(session.Commit().IsComplete);
            Assert.Equal(3000000, new FileInfo(Path.Combine(session.Target, "big")).Length);
        }
        finally
        {
            OverlaySession.Shell(session.Root, "umount target");
        }
    }

    [Fact]
    public void Paths_are_committed_with_the_directories_on_their_way_and_nothing_else()
    {
        using OverlaySession session = new("mkdir o; echo 1 > o/a; echo 1 > o/b");
        session.Record();
        session.Run("mkdir -p n/m; echo 1 > n/m/x; echo 1 > n/y; rm -r o; mkdir o; echo 2 > o/a; echo 3 > o/c");
        CommitReport report = session.Commit(["n/m/x", "o/a", "nothing"]);
        Assert.Equal(["n", "n/m", "n/m/x", "o/a"], Committed(report));
        Assert.Equal(CommitOutcome.Refused, report.Entries.Single(entry => entry.Path == "nothing").Outcome);
        Assert.Equal(["n/y", "o/b", "o/c"], session.Diff().Select(change => change.Path));
        Assert.All(session.Diff(), change => Assert.Null(change.Conflict));
        Assert.True(session.Commit().IsComplete);
        Assert.Equal("a\nc\n", OverlaySession.Shell(session.Target, "ls o"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(session.Upper));
    }

    [Fact]
    public void No_record_no_action()
    {
        using OverlaySession session = new("echo 1 > a; echo 1 > b; echo 1 > c");
        session.Record();
        session.Run("echo 2 > a; echo 2 > b; rm c");
        List<string> recorded = [];
        CommitReport report = session.Commit(record: change =>
        {
            Assert.Equal("1\n", Read(session, change.Path));
            recorded.Add(change.Path);
            return change.Path == "a";
        });
        Assert.Equal(["a", "b"], recorded);
        Assert.Equal(["a"], Committed(report));
        Assert.NotNull(report.Problem);
        Assert.Equal("1\n", Read(session, "b"));
        Assert.Equal(["b", "c"], session.Diff().Select(change => change.Path));
        Assert.True(session.Commit().IsComplete);
    }

    [Fact]
    public void Holes_times_and_links_survive()
    {
        using OverlaySession session = new("echo 1 > a; echo 1 > b");
        session.Record();
        session.Run("truncate -s 5G sparse; echo end >> sparse; touch -d '2001-02-03 04:05:06' sparse; ln sparse s2; ln a a2");
        Assert.True(session.Commit().IsComplete);
        Assert.Equal(
            "5368709124 2 981173106\n",
            OverlaySession.Shell(session.Target, "TZ=UTC stat -c '%s %h %Y' sparse"));
        Assert.True(int.Parse(OverlaySession.Shell(session.Target, "stat -c %b sparse").Trim()) < 64);
        Assert.Equal("2\n", OverlaySession.Shell(session.Target, "stat -c %h a"));
        Assert.Equal("end\n", OverlaySession.Shell(session.Target, "tail -c 4 s2"));
    }

    /// <summary>The mode is widened while such an entry is read, and an access control list has the mode in it.</summary>
    [Fact]
    public void What_keeps_its_own_owner_out_keeps_its_access_control_list()
    {
        using OverlaySession session = new(
            "mkdir d; echo x > d/f; echo y > f; setfacl -m \"u:$(id -u):rw\" d d/f f", OverlaySession.OrdinaryUser);
        session.Record();
        session.Both("echo more >> f; chmod 132 f; chmod 014 d/f; echo z > d/g; setfacl -m \"u:$(id -u):rx\" d/g; chmod 0 d/g; chmod 511 d");
        session.AsUser(() =>
        {
            Assert.True(session.Commit().IsComplete);
            Assert.Empty(session.DiffLines());
        });
        Assert.Equal(Snapshot.Of(session.Native), Snapshot.Of(session.Target));
    }

    [Fact]
    public void A_running_session_is_not_committed()
    {
        using OverlaySession session = new("echo 1 > a");
        session.Record();
        session.Run("echo 2 > a");
        using Layer running = session.Open();
        Assert.True(running.TryLock());
        Assert.NotNull(session.Commit().Problem);
        Assert.False(LayerDiscard.TryRemove(Path.Combine(session.Root, "layers"), "0", out _));
        Assert.Equal("1\n", Read(session, "a"));
    }

    [Fact]
    public void A_lock_that_a_forked_process_holds_for_a_moment_refuses_nobody()
    {
        using OverlaySession session = new("echo 1 > a");
        session.Record();
        session.Run("echo 2 > a");
        using Layer first = session.Open();
        Assert.True(first.TryLock());
        // As a process between fork and exec: it lets go without anybody else doing something.
        using Timer exec = new(_ => first.Dispose(), null, TimeSpan.FromMilliseconds(100), Timeout.InfiniteTimeSpan);
        Assert.True(session.Commit().IsComplete);
        Assert.Equal("2\n", Read(session, "a"));
    }

    [Fact]
    public void A_clock_set_back_gives_false_alarms_and_misses_nothing()
    {
        using OverlaySession session = new("echo 1 > a");
        session.Record();
        session.Run("echo 2 > a");
        Assert.Null(Assert.Single(session.Diff()).Conflict);
        string record = Path.Combine(session.LayerDirectory, "layer.json");
        LayerMetadata metadata = LayerMetadata.FromJson(File.ReadAllBytes(record))!;
        // As if the clock had been an hour ahead when the session started and was put right since.
        File.WriteAllBytes(record, (metadata with { ClockOffset = metadata.ClockOffset + 3_600_000_000_000 }).ToJson());
        Assert.NotNull(Assert.Single(session.Diff()).Conflict);
    }

    [Fact]
    public void Setting_a_directory_aside_keeps_host_names_apart_from_one_file()
    {
        using OverlaySession session = new("echo 1 > a; ln a b; ln a c");
        session.Record();
        session.Run("echo 2 > a; echo 3 > b");
        Assert.True(session.Commit(["a"]).IsComplete);
        Assert.True(session.Commit(["b"]).IsComplete);
        Assert.Equal("2\n3\n1\n", OverlaySession.Shell(session.Target, "cat a b c"));
    }

    private static string Read(OverlaySession session, string path) =>
        File.ReadAllText(Path.Combine(session.Target, path));

    private static IEnumerable<string> Committed(CommitReport report) =>
        report.Entries.Where(entry => entry.Outcome == CommitOutcome.Committed).Select(entry => entry.Path);

    private static IEnumerable<string> Leftovers(OverlaySession session) =>
        Directory.EnumerateFileSystemEntries(session.Target, ".shellguard-*", SearchOption.AllDirectories);
}
