using System.Diagnostics;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Reports;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>Several runs as one audit, with what was seen in how many of them.</summary>
public sealed class AuditMergeTests
{
    private static readonly AuditFile One = AuditSample.Of(
        "10 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 3 vars */) = 0", AuditSample.Opened("/both"), AuditSample.Opened("/both"),
        AuditSample.Opened("/first"), "10 brk(NULL) = 0x55", "10 exit_group(0) = ?", "10 +++ exited with 0 +++");

    /// <summary>The same once more, as another process.</summary>
    private static readonly AuditFile Again = AuditSample.Of(
        "11 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 3 vars */) = 0", AuditSample.Opened("/both").Replace("10 ", "11 ", StringComparison.Ordinal),
        AuditSample.Opened("/both").Replace("10 ", "11 ", StringComparison.Ordinal), AuditSample.Opened("/first").Replace("10 ", "11 ", StringComparison.Ordinal),
        "11 brk(NULL) = 0x55", "11 exit_group(0) = ?", "11 +++ exited with 0 +++");

    private static readonly AuditFile Two = AuditSample.Of(
        "77 execve(\"/bin/a\", [\"a\"], 0x7ffe /* 3 vars */) = 0", "77 openat(AT_FDCWD, \"/both\", O_RDONLY) = 3", "what is this");

    [Fact]
    public void Accesses_know_in_which_runs_they_were_seen()
    {
        ImportResult merged = Merge(One, Two, Again);
        Assert.Equal(
            ["Read /both 5 0,1,2", "Read /first 2 0,2", "Execute /bin/a 3 0,1,2"],
            merged.Accesses.Select(seen => $"{seen.Access.Operation} {seen.Access.Target} {seen.Count} {string.Join(',', seen.Runs)}"));
        Assert.Equal(["0.audit", "1.audit", "2.audit"], merged.Runs.Select(run => run.Name));
        Assert.Equal([One.Sha256, Two.Sha256, Again.Sha256], merged.Runs.Select(run => run.Sha256));
    }

    [Fact]
    public void The_coverage_is_that_of_all_runs_and_places_lead_to_the_right_input()
    {
        ImportResult merged = Merge(One, Two);
        Assert.Equal(CoverageState.Partial, merged.Coverage.State);
        CoverageReason reason = Assert.Single(merged.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnknownLines);
        Assert.Equal(new Origin(1, 3), reason.First);
        Assert.StartsWith("1.audit: 1 line not understood", reason.Text, StringComparison.Ordinal);
        Assert.Equal(new Origin(1, 3), Assert.Single(merged.Lines.Unknown).Origin);
        Assert.Equal(10, merged.Lines.Total);
        Assert.Equal(CoverageState.Complete, Merge(One, Again).Coverage.State);
    }

    [Fact]
    public void A_merge_is_written_and_read_again_and_can_be_merged_on()
    {
        byte[] bytes = AuditSample.Write(Merge(One, Two));
        AuditFile merged = AuditSample.Read(bytes).File!;
        Assert.Equal(bytes, AuditSample.Write(merged.Result));
        ImportResult more = Merge(merged, Again);
        Assert.Equal(3, more.Runs.Count);
        Assert.Equal(["/first 0,2"], more.Accesses.Where(seen => seen.Runs.Count == 2).Select(seen => $"{seen.Access.Target} {string.Join(',', seen.Runs)}"));
        Assert.Equal(
            Merge(One, Two, Again).Accesses.Select(seen => (seen.Access.Target, seen.Count)), more.Accesses.Select(seen => (seen.Access.Target, seen.Count)));
    }

    [Fact]
    public void The_audits_of_the_runs_are_compared_where_they_are_there()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sg-runs-");
        try
        {
            (string one, string two, string gone) = ($"{directory}/one.audit", $"{directory}/two.audit", $"{directory}/gone.audit");
            ImportResult[] recorded = [Recording.Of(AuditSample.Opened("/one")), Recording.Of(AuditSample.Opened("/two"))];
            byte[][] bytes = [AuditSample.Write(recorded[0]), AuditSample.Write(recorded[1])];
            File.WriteAllBytes(one, bytes[0]);
            File.WriteAllBytes(two, bytes[1]);
            ImportResult merged = AuditMerge.Of(
                [new NamedAudit(one, AuditSample.Again(recorded[0])), new NamedAudit(two, AuditSample.Again(recorded[1])), new NamedAudit(gone, AuditSample.Again(recorded[0])), new NamedAudit("-", One)]);
            AuditCheck Check() => AuditCheck.Of("all", AuditSample.Read(AuditSample.Write(merged)));
            Assert.Equal([InputState.Same, InputState.Same, InputState.Gone, InputState.Gone], Check().Runs.Select(run => run.State));
            Assert.True(Check().IsGood);

            // A good audit, but another one; then one that is cut.
            File.WriteAllBytes(two, bytes[0]);
            Assert.Equal(InputState.Changed, Check().Runs[1].State);
            Assert.False(Check().IsGood);
            File.WriteAllBytes(two, bytes[1][..^2]);
            Assert.Equal(InputState.Changed, Check().Runs[1].State);
            Directory.CreateDirectory(gone);
            Assert.Equal(InputState.Unreadable, Check().Runs[2].State);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Nobody writes to that pipe: whoever opens it waits for ever.</summary>
    [Fact]
    public void A_pipe_in_the_place_of_what_an_audit_names_is_not_waited_for()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sg-pipe-");
        try
        {
            string pipe = $"{directory}/pipe";
            using (Process made = Process.Start("mkfifo", [pipe]))
            {
                made.WaitForExit();
            }

            ImportResult result = Recording.Of(AuditSample.Opened("/one"));
            foreach (string name in (string[])[pipe, "/dev/zero"])
            {
                ImportedInput input = result.Inputs[0] with { Name = name, Sha256 = new string('0', 64) };
                Assert.Equal(InputState.NoFile, InputCheck.Of(input));
                Assert.Equal(InputState.NoFile, RunCheck.Of(new AuditRun(name, new string('0', 64), result.Coverage.State, 1)));
                Assert.Null(Evidence.Lines(result with { Inputs = [input] }, result.Accesses)[result.Accesses[0].Origin]);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_run_that_is_there_twice_is_found()
    {
        AuditFile merged = AuditSample.Read(AuditSample.Write(Merge(One, Two))).File!;
        Assert.Equal([("a", "b")], AuditMerge.Twice([new NamedAudit("a", One), new NamedAudit("b", One)]));
        Assert.Equal([("all", "two")], AuditMerge.Twice([new NamedAudit("all", merged), new NamedAudit("two", Two)]));
        Assert.Empty(AuditMerge.Twice([new NamedAudit("all", merged), new NamedAudit("three", Again)]));
    }

    [Theory]
    [InlineData("\"runs\":[0]", "\"runs\":[5]", "runs that are not there or not in order")]
    [InlineData("\"runs\":[0]", "\"runs\":[]", "an access of no run")]
    [InlineData("\"runs\":[0]", "\"runs\":[0,0]", "runs that are not there or not in order")]
    [InlineData("\"inputs\":1}", "\"inputs\":2}", "runs that do not fit the inputs")]
    public void Runs_that_do_not_fit_are_refused(string old, string changed, string expected)
    {
        string text = System.Text.Encoding.UTF8.GetString(AuditSample.Write(Merge(One, Two)));
        Assert.Contains(old, text, StringComparison.Ordinal);
        AuditFileResult read = AuditSample.Read(System.Text.Encoding.UTF8.GetBytes(text.Replace(old, changed, StringComparison.Ordinal)));
        Assert.Contains(read.Problems, problem => problem.Text == expected);
    }

    private static ImportResult Merge(params AuditFile[] files) =>
        AuditMerge.Of(files.Select((file, number) => new NamedAudit($"{number}.audit", file)));
}
