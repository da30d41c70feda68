using ShellGuard.Cells.Layers;
using Xunit;

namespace ShellGuard.Cells.Tests.Layers;

/// <summary>A script run in a session and committed gives what the script gives natively.</summary>
public class ScriptTests
{
    private static readonly string[] Types = [" IFO ", " REG ", " DIR ", " LNK "];

    [Theory]
    [InlineData(0u, 1, 24)]
    [InlineData(OverlaySession.OrdinaryUser, 101, 116)]
    public void A_committed_session_equals_the_native_run(uint user, int from, int to)
    {
        for (int seed = from; seed <= to; seed++)
        {
            using OverlaySession session = new(RandomScript.Prepare, user);
            session.Record();
            session.Both(RandomScript.Make(seed, 8 + (seed % 5 * 12)));
            session.AsUser(() =>
            {
                CommitReport report = session.Commit();
                Assert.True(report.IsComplete, $"seed {seed}: {report.Problem} {Reasons(report)}");
                Assert.Empty(session.DiffLines());
            });
            Assert.True(
                Snapshot.Of(session.Native).SequenceEqual(Snapshot.Of(session.Target)),
                $"seed {seed}:\n{string.Join('\n', Snapshot.Of(session.Native).Except(Snapshot.Of(session.Target)))}\n"
                + $"instead:\n{string.Join('\n', Snapshot.Of(session.Target).Except(Snapshot.Of(session.Native)))}");
            Assert.Empty(Directory.EnumerateFileSystemEntries(session.Upper));
        }
    }

    [Fact]
    public void Whatever_the_diff_reports_equals_the_native_difference()
    {
        for (int seed = 201; seed <= 210; seed++)
        {
            using OverlaySession session = new(RandomScript.Prepare);
            session.Record();
            session.Both(RandomScript.Make(seed, 25));
            List<string> before = Snapshot.Of(session.Target);
            List<string> after = Snapshot.Of(session.Native);
            IReadOnlyList<Change> changes = session.Diff();
            foreach (string line in after.Except(before))
            {
                string path = line[1..Types.Max(type => line.IndexOf(type, StringComparison.Ordinal))];
                bool isFirstOfLinks = line.EndsWith($" = /{path}", StringComparison.Ordinal);
                Assert.True(
                    isFirstOfLinks || changes.Any(change => change.Path == path), $"seed {seed}: {line} is not reported");
            }
        }
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(OverlaySession.OrdinaryUser, 5)]
    public void After_a_crash_at_any_step_a_second_run_completes(uint user, int stride)
    {
        const string prepare = "mkdir -p d/e f g/h; echo 1 > a; echo 2 > d/b; echo 3 > d/e/c; echo 4 > f/x; echo 5 > g/h/y;"
            + "ln a a2; mkdir m; echo k > m/k; chmod 755 m; echo s > s";
        const string script = "echo more >> a; rm -r d; mkdir d; mkdir d/e; echo n > d/e/n; rm -r f; echo file > f;"
            + "rm s; mkdir s; echo in > s/t; ln g/h/y g/z; mkdir -p n/o; echo q > n/o/q; ln n/o/q n/r; chmod 700 n/o;"
            + "echo k2 > m/k2; chmod 555 m; ln -s a link; rm a2; chmod 600 g/h/y";
        int steps = 0;
        for (int crash = 0; ; crash += stride)
        {
            using OverlaySession session = new(prepare, user);
            session.Record();
            // Not both: a2 is another name of a on the host, and a write through the overlay parts them.
            session.Run(script);
            session.RunNative("cp a t; rm a; mv t a; " + script);
            bool crashed = false;
            session.AsUser(() =>
            {
                try
                {
                    int step = 0;
                    session.Commit(step: _ =>
                    {
                        if (step++ == crash)
                        {
                            throw new InvalidOperationException("crash");
                        }
                    });
                    steps = step;
                }
                catch (InvalidOperationException)
                {
                    crashed = true;
                }

                CommitReport report = session.Commit();
                Assert.True(report.IsComplete, $"crash at {crash}: {report.Problem} {Reasons(report)}");
                Assert.Empty(session.DiffLines());
            });
            Assert.Equal(Snapshot.Of(session.Native), Snapshot.Of(session.Target));
            Assert.Empty(Directory.EnumerateFileSystemEntries(session.Upper));
            if (!crashed)
            {
                break;
            }
        }

        Assert.True(steps > 40, $"only {steps} steps");
    }

    private static string Reasons(CommitReport report) => string.Join("; ", report.Entries
        .Where(entry => entry.Outcome != CommitOutcome.Committed)
        .Select(entry => $"{entry.Path}: {entry.Outcome}: {entry.Reason}"));
}
