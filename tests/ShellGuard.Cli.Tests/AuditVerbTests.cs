namespace ShellGuard.Cli.Tests;

public sealed class AuditVerbTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sg-audit-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void AnAuditThatIsWholeIsSaidToBe()
    {
        string audit = Audit("one", Opened("/etc/hosts"));
        Ran ran = Ran.Line("audit", "verify", audit);
        Assert.Equal(0, ran.Status);
        Assert.StartsWith($"{audit}: whole, 1 accesses, sha256 ", ran.Output, StringComparison.Ordinal);
        Assert.EndsWith("one.strace: the same as then\n", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AChangedAuditAndAChangedRecordingAreFound()
    {
        string audit = Audit("one", Opened("/etc/hosts"));
        File.AppendAllText(Path.ChangeExtension(audit, "strace"), "x");
        Ran changed = Ran.Line("audit", "verify", audit);
        Assert.Equal(1, changed.Status);
        Assert.Contains("one.strace: another one now", changed.Output, StringComparison.Ordinal);

        File.WriteAllText(audit, File.ReadAllText(audit).Replace("/etc/hosts", "/etc/hosty", StringComparison.Ordinal));
        Ran touched = Ran.Line("audit", "verify", audit);
        Assert.Equal(1, touched.Status);
        Assert.Contains("the file was changed", touched.Output, StringComparison.Ordinal);
        Assert.Contains("\"good\": false", Ran.Line("audit", "verify", "--json", audit).Output, StringComparison.Ordinal);

        Ran used = Ran.Line("audit", "merge", "-o", audit + "2", audit);
        Assert.Equal(125, used.Status);
        Assert.Contains("the file was changed", used.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(audit + "2"));
    }

    [Fact]
    public void WhatIsNoAuditIsOneProblem()
    {
        string path = Path.Combine(_directory.FullName, "x\u001b[2J");
        File.WriteAllText(path, "Dear diary\n");
        Ran ran = Ran.Line("audit", "verify", path);
        Assert.Equal(1, ran.Status);
        Assert.Contains(":1: not JSON\n", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran.Output);
        Assert.Equal(125, Ran.Line("audit", "verify", "/nowhere/x").Status);
    }

    [Fact]
    public void RunsAreMergedWithWhatWasSeenInHowMany()
    {
        string merged = Path.Combine(_directory.FullName, "all.audit");
        Ran ran = Ran.Line("audit", "merge", "-o", merged, Audit("one", Opened("/a"), Opened("/b")), Audit("two", Opened("/a")));
        Assert.Equal(0, ran.Status);
        Assert.Equal(
            $"2 runs, 2 distinct accesses, coverage partial\n         1  in 2 of 2\n         1  in 1 of 2\nall of it is in {merged}\n", ran.Output);
        Assert.Equal(0, Ran.Line("audit", "verify", merged).Status);
    }

    private static string Opened(string path) => $"10 openat(AT_FDCWD, \"{path}\", O_RDONLY) = 3\n";

    private string Audit(string name, params string[] lines)
    {
        string log = Path.Combine(_directory.FullName, name + ".strace"), audit = Path.ChangeExtension(log, "audit");
        File.WriteAllText(log, string.Concat(lines));
        Assert.True(Ran.Line("import", "-o", audit, log).Status < 2);
        return audit;
    }
}
