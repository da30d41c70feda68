using System.Diagnostics;

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
        Assert.Contains("2 stays empty", used.Error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(audit + "2").Length);
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
    public async Task ARecordingThatWasAPipeIsSaidToBeAndNotWaitedFor()
    {
        string pipe = Path.Combine(_directory.FullName, "pipe"), audit = Path.Combine(_directory.FullName, "pipe.audit");
        using (Process made = Process.Start("mkfifo", [pipe]))
        {
            made.WaitForExit();
        }

        // Opening it waits for the reader.
        Task written = Task.Run(() => File.WriteAllText(pipe, Opened("/etc/hosts")));
        Assert.Equal(1, Ran.Line("import", "-o", audit, pipe).Status);
        await written;
        Ran ran = Ran.Line("audit", "verify", audit);
        Assert.Equal(0, ran.Status);
        Assert.EndsWith($"  {pipe}: a pipe or a device, which cannot be read a second time to compare\n", ran.Output, StringComparison.Ordinal);
        Assert.Contains("\"state\": \"no-file\"", Ran.Line("audit", "verify", "--json", audit).Output, StringComparison.Ordinal);
        Assert.Contains("first in ", Ran.Line("audit", "explain", audit, "/etc/hosts").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunsAreMergedWithWhatWasSeenInHowMany()
    {
        string merged = Path.Combine(_directory.FullName, "all.audit");
        Ran ran = Ran.Line("audit", "merge", "-o", merged, Audit("one", Opened("/a"), Opened("/b")), Audit("two", Opened("/a")));
        Assert.Equal(0, ran.Status);
        Assert.Equal(
            $"2 runs, 2 distinct accesses, coverage partial\n         1  in 2 of 2\n         1  in 1 of 2\nall of it is in {merged}\n", ran.Output);
        string one = Path.Combine(_directory.FullName, "one.audit");
        Ran twice = Ran.Line("audit", "merge", "-o", merged + "2", merged, one);
        Assert.Equal(125, twice.Status);
        Assert.StartsWith($"shellguard: {merged} and {one} have the same run in them, which would be counted twice", twice.Error, StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("audit", "verify", merged).Status);
    }

    /// <summary>The chain from a merge back: its runs' audits, and their recordings.</summary>
    [Fact]
    public void OfAMergeTheAuditsOfTheRunsAreCompared()
    {
        string merged = Path.Combine(_directory.FullName, "all.audit"), one = Audit("one", Opened("/a")), two = Audit("two", Opened("/b"));
        Assert.Equal(0, Ran.Line("audit", "merge", "-o", merged, one, two).Status);
        File.Delete(two);
        Ran gone = Ran.Line("audit", "verify", merged);
        Assert.Equal(0, gone.Status);
        Assert.Contains(
            $"  run {one}: the same as then\n  run {two}: not there to compare\n  {Path.ChangeExtension(one, "strace")}: the same as then\n", gone.Output, StringComparison.Ordinal);
        File.Copy(one, two);
        Ran other = Ran.Line("audit", "verify", merged);
        Assert.Equal(1, other.Status);
        Assert.Contains($"  run {two}: another one now", other.Output, StringComparison.Ordinal);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(Ran.Line("audit", "verify", "--json", merged).Output);
        Assert.Equal(
            ["same", "changed"], document.RootElement[0].GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("state").GetString()));
    }

    [Fact]
    public void ADifferenceIsAStatus()
    {
        string before = Audit("one", Opened("/a")), after = Audit("two", Opened("/a"), Opened("/b\\33[2J"));
        Assert.Equal(0, Ran.Line("audit", "diff", before, before).Status);
        Assert.Equal(0, Ran.Line("audit", "diff", after, before).Status);
        Ran ran = Ran.Line("audit", "diff", before, after);
        Assert.Equal(1, ran.Status);
        Assert.StartsWith("+ read /b\\x1b[2J\n1 new, 0 gone, 1 the same, 0 new probes\n", ran.Output, StringComparison.Ordinal);
        Ran json = Ran.Line("audit", "diff", "--json", before, after);
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json.Output);
        Assert.Equal("/b\\x1b[2J", document.RootElement.GetProperty("new")[0].GetProperty("target").GetString());
    }

    [Fact]
    public void WhereNothingCanBeLearntADifferenceProvesNothing()
    {
        string good = Audit("one", Opened("/a"));
        string log = Path.Combine(_directory.FullName, "bad.strace");
        File.WriteAllText(log, "100.00    0.000017           2         8         1 total\n");
        Assert.Equal(2, Ran.Line("import", "--format", "strace", "-o", log + ".audit", log).Status);
        Assert.Equal(2, Ran.Line("audit", "diff", good, log + ".audit").Status);
    }

    [Fact]
    public void AnExplanationLeadsToProcessArgumentsAndLine()
    {
        string audit = Audit(
            "one", "10 execve(\"/bin/sh\", [\"sh\", \"-c\", \"a b\"], 0x7ffe /* 3 vars */) = 0\n", "10 fork() = 11\n",
            "11 execve(\"/bin/cat\", [\"cat\", \"/etc/shadow\"], 0x7ffe /* 3 vars */) = 0\n",
            "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3\n", "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3\n");
        Ran ran = Ran.Line("audit", "explain", audit, "/etc/shadow");
        Assert.Equal(0, ran.Status);
        string log = Path.ChangeExtension(audit, "strace");
        Assert.Equal(
            "read /etc/shadow  2 times\n  by /bin/cat  (cat /etc/shadow)  pid 11\n    started by /bin/sh  (sh -c 'a b')  pid 10\n"
            + $"  first in {log}:4: 11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3\n", ran.Output);
        Assert.Equal(ran.Output, Ran.Line("audit", "explain", audit, "/etc").Output);
        Assert.Contains("\"argv\": [", Ran.Line("audit", "explain", "--json", audit, "/etc/shadow").Output, StringComparison.Ordinal);

        // A recording that is another one now gives no text.
        File.AppendAllText(log, "x\n");
        Assert.EndsWith($"first in {log}:4\n", Ran.Line("audit", "explain", audit, "/etc/shadow").Output, StringComparison.Ordinal);
        Ran nothing = Ran.Line("audit", "explain", audit, "/etc/nothing");
        Assert.Equal(1, nothing.Status);
        Assert.Contains("nothing in the audit is about /etc/nothing", nothing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void APrivilegeAndACallAreExplainedToo()
    {
        string audit = Audit(
            "one", "10 execve(\"/bin/web\", [\"web\", \"-p\"], 0x7ffe /* 3 vars */) = 0\n", "10 brk(NULL) = 0x55\n", "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3\n",
            "10 bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0\n");
        string log = Path.ChangeExtension(audit, "strace");
        string line = $"  first in {log}:4: 10 bind(3, {{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}}, 16) = 0\n";
        string expected = $"CAP_NET_BIND_SERVICE: ports below 1024 are root's (80)\nbind 0.0.0.0:80/tcp  1 time\n  by /bin/web  (web -p)  pid 10\n{line}";
        Assert.Equal(expected, Ran.Line("audit", "explain", audit, "CAP_NET_BIND_SERVICE").Output);
        Assert.Equal(expected, Ran.Line("audit", "explain", audit, "net_bind_service").Output);
        Assert.Equal(
            $"system call brk: made 1 time\nbrk  1 time\n  by /bin/web  (web -p)  pid 10\n  first in {log}:2: 10 brk(NULL) = 0x55\n",
            Ran.Line("audit", "explain", audit, "brk").Output);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(Ran.Line("audit", "explain", "--json", audit, "brk").Output);
        Assert.Equal("system call brk: made 1 time", json.RootElement[0].GetProperty("note").GetString());
        Assert.Equal("brk", json.RootElement[1].GetProperty("target").GetString());
    }

    [Fact]
    public void APolicyIsDerivedCheckedAndNotWrittenOver()
    {
        string audit = Audit("one", Opened("/etc/hostname"), Opened("/etc/nothing-there")), policy = Path.Combine(_directory.FullName, "p.toml");
        Ran ran = Ran.Line("learn", "-o", policy, audit);
        Assert.Equal(0, ran.Status);
        Assert.Contains("  \"/etc/hostname\",\n", File.ReadAllText(policy), StringComparison.Ordinal);
        Assert.Equal(0, Ran.Line("policy", "check", policy).Status);
        Assert.Equal(File.ReadAllText(policy), Ran.Line("learn", audit).Output);
        Assert.Equal(125, Ran.Line("learn", "-o", policy, audit).Status);
    }

    [Theory]
    [InlineData("export perl x", "there is no target 'perl'; there are policy, seccomp, systemd")]
    [InlineData("export seccomp --base docker x", "--base takes runc or crun, not 'docker'")]
    [InlineData("export sudoers --user a,b x", "'a,b' is no user's name")]
    [InlineData("export bwrap --base runc x", "bwrap has no --base; it is for seccomp")]
    [InlineData("export seccomp x --user ann", "seccomp has no --user; it is for systemd, sudoers, doas")]
    [InlineData("export docker --direct x", "docker has no --direct; it is for policy")]
    [InlineData("export leash --user ann x", "leash has no --user; it is for")]
    [InlineData("export leash --exact x", "leash has no --exact")]
    [InlineData("export sudoers --user root x", "--user takes an ordinary user, and root is root, who needs no such rules")]
    [InlineData("export doas --user 0 x", "and 0 is root")]
    [InlineData("export systemd --user root x", "leave it out")]
    [InlineData("report -o x.pdf x", "x.pdf ends in none of .html, .md and .json")]
    [InlineData("learn", "learn needs AUDIT")]
    [InlineData("learn --threshold -1 x", "--threshold takes a number from 1 to 1000000, or 0 for never, not '-1'")]
    [InlineData("report --threshold 1000001 x", "not '1000001'")]
    [InlineData("audit diff --threshold 1e3 x y", "not '1e3'")]
    [InlineData("trace --backend foo -- true", "--backend: argument 'foo' not recognized. Must be one of: 'auto' 'ptrace' 'ebpf'\n")]
    [InlineData("trace --buffer abc -- true", "--buffer takes a power of two from 1 to 1024, not 'abc'")]
    [InlineData("trace --buffer 3 -- true", "not '3'")]
    [InlineData("trace --backend ptrace --buffer 4 -- true", "--buffer is for the ebpf back end, and this one is ptrace: as asked for")]
    [InlineData("verify --runs 0 x -- true", "--runs takes a number from 1 to 1000, not '0'")]
    [InlineData("verify --expect-status 256 x -- true", "--expect-status takes a number from 0 to 255, not '256'")]
    [InlineData("verify --expect-status -1 x -- true", "not '-1'")]
    [InlineData("verify --expect-output  x -- true", "a file is needed, and its name is empty")]
    [InlineData("verify --expect-output / x -- true", "/ is a directory")]
    [InlineData("verify --permissive --audit x --runs 2 x", "--permissive runs nothing; leave out --runs")]
    [InlineData("verify --permissive --audit x x -- true", "--permissive runs nothing; leave out the command")]
    [InlineData("audit diff --root /nowhere x y", "--root /nowhere: no such directory can be opened (ENOENT)")]
    [InlineData("import ", "a file is needed, and its name is empty")]
    [InlineData("report ", "a file is needed, and its name is empty")]
    [InlineData("report /", "/ is a directory")]
    [InlineData("trace -o  -- true", "a file is needed, and its name is empty")]
    [InlineData("audit explain x", "needs")]
    public void AMistakeInTheCallIsOneLine(string line, string expected)
    {
        Ran ran = Ran.Line(line.Split(' '));
        Assert.Equal(125, ran.Status);
        Assert.Contains(expected, ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Error.Count(letter => letter == '\n'));
    }

    [Fact]
    public void AReportHasTheFormOfItsEnding()
    {
        string audit = Audit("one", Opened("/etc/hostname")), other = Audit("two", Opened("/etc/hostname"));
        foreach ((string ending, string beginning) in (ReadOnlySpan<(string, string)>)[("html", "<!DOCTYPE html>"), ("md", "# Access audit"), ("json", "{\n  \"shellguardReport\": 2")])
        {
            string path = Path.Combine(_directory.FullName, $"r.{ending}");
            Assert.Equal(0, Ran.Line("report", "-o", path, audit, other).Status);
            Assert.StartsWith(beginning, File.ReadAllText(path), StringComparison.Ordinal);
            string again = Path.Combine(_directory.FullName, $"again.{ending}");
            Assert.Equal(0, Ran.Line("report", "-o", again, audit, other).Status);
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        }
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
