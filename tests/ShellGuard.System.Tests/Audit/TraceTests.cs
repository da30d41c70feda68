using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary><c>shellguard trace</c> sees what a command touches, and the command does not see it.</summary>
public sealed class TraceTests
{
    [Theory, BothIdentities]
    public void The_accesses_are_those_that_strace_sees(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", AccessScript.Text);

        // What the first run of all leaves behind must not make a difference.
        area.OutsideShell("bash script; rm -rf made kept counted threaded served");
        Trace(area, "own", "bash", "script").Succeed();
        area.OutsideShell("rm -rf made kept counted threaded served").Succeed();
        area.Outside("strace", "-f", "-yy", "-q", "-s", "65535", "-o", $"{area.Home}/log", "bash", "script").Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/theirs", $"{area.Home}/log");
        AuditLines own = AuditLines.Of(area, "own");
        AuditLines.AssertSame(own, AuditLines.Of(area, "theirs"));
        Assert.Equal("complete", own.Coverage);
        Assert.Equal(0, own.UnknownLines);
    }

    /// <summary>A version control, a compiler with its passes, static programs with threads, an interpreter that starts
    /// others; as every user who may trace.</summary>
    public static MatrixTheoryData<Identity, string> RealPrograms => new(
        [Identity.Root, Identity.Ordinary],
        [
            "export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z; rm -rf r; git init -q r && cd r && echo a > f && git add f && git -c user.name=n -c user.email=e commit -qm m && git gc -q",
            "echo 'int main(void){return 0;}' > m.c; gcc -o m m.c && ./m",
            "$GO_CLIENT 127.0.0.1 9; $MUSL_CLIENT 127.0.0.1 9; true",
            "/usr/bin/python3 -B -c 'import subprocess, sqlite3; subprocess.run([\"sort\", \"/etc/passwd\"], stdout=-3)'",
        ]);

    [Theory, MemberData(nameof(RealPrograms))]
    public void Real_programs_are_seen_as_strace_sees_them(Identity identity, string line)
    {
        using TestArea area = new(identity);
        line = line.Replace("$GO_CLIENT", Helper.GoClient, StringComparison.Ordinal)
            .Replace("$MUSL_CLIENT", Helper.MuslClient, StringComparison.Ordinal);
        area.OutsideShell(line).Succeed();
        Trace(area, "own", "bash", "-c", line).Succeed();
        area.Outside("strace", "-f", "-yy", "-q", "-s", "65535", "-o", $"{area.Home}/log", "bash", "-c", line).Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/theirs", $"{area.Home}/log");
        AuditLines.AssertSame(AuditLines.Of(area, "own"), AuditLines.Of(area, "theirs"));
    }

    [Theory, BothIdentities]
    public void The_recording_says_the_same_when_it_is_read_again(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", AccessScript.Text);
        Trace(area, "own", "bash", "script").Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/again", $"{area.Home}/own.strace.gz").Succeed();
        AuditLines.AssertSame(AuditLines.Of(area, "own"), AuditLines.Of(area, "again"));
        Assert.Equal("complete", AuditLines.Of(area, "again").Coverage);
    }

    [Theory, BothIdentities]
    public void Nothing_is_missed_that_goes_unusual_ways(Identity identity)
    {
        using TestArea area = new(identity);
        Trace(area, "own", Helper.Traced).Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        foreach (string way in (string[])["by-thread", "by-int80", "by-vfork", "by-untraced", "by-openat2", "by-exec"])
        {
            Assert.True(Path.Exists($"{area.Work}/{way}"), way);
            Assert.Contains($"create {area.Work}/{way} success", audit.Accesses);
        }

        Assert.Contains("connect 127.0.0.1:9/tcp failed ECONNREFUSED", audit.Accesses);
        foreach (int port in (int[])[1111, 2222, 3333])
        {
            Assert.Contains($"send 127.0.0.1:{port}/udp success", audit.Accesses);
        }

        Assert.Equal("complete", audit.Coverage);
    }

    [Theory, BothIdentities]
    public void The_command_is_not_changed(Identity identity)
    {
        using TestArea area = new(identity);
        const string line = "echo out; echo err >&2; cat; trap 'echo trapped' USR1; kill -USR1 $$; ulimit -n; umask; id -u; env -u _ | sort; exit 42";
        Outcome traced = Feed(area, "input\n", [NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/a", "--", "bash", "-c", line]);
        Outcome plain = Feed(area, "input\n", ["bash", "-c", line]);
        Assert.Equal(42, traced.Status);
        Assert.Equal(plain.Output, traced.Output);
        Assert.Equal(plain.Errors, traced.Errors);
    }

    [Theory, BothIdentities]
    public void The_end_of_the_command_is_ours(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("text", "no program");
        foreach ((string command, int status, string reason) in ((string, int, string)[])
            [
                ("true", 0, ""), ("sh -c 'exit 255'", 255, ""), ("sh -c 'kill -KILL $$'", 137, "Killed"),
                ("sh -c 'kill -TERM $$'", 143, "Terminated"), ("no-such-program", 127, "there is no program no-such-program"),
                ("./missing", 127, "ENOENT"), ("./text", 126, "EACCES"),
            ])
        {
            Outcome outcome = area.OutsideShell($"{NativeBinary.Path} trace -q -o {area.Home}/a -- {command}; s=$?; rm -f {area.Home}/a*; exit $s");
            Assert.True(outcome.Status == status, $"{command}: {outcome.Status} {outcome.Errors}");
            Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Theory, BothIdentities]
    public void What_it_leaves_in_the_background_is_followed(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Trace(area, "own", "bash", "-c", "(sleep 0.3; mkdir late) & exit 5");
        Assert.Equal(5, outcome.Status);
        Assert.Contains("that it started go on and are followed", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"create {area.Work}/late success", AuditLines.Of(area, "own").Accesses);
    }

    [Theory, BothIdentities]
    public void An_end_from_outside_reaches_the_command_and_then_what_it_left(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", "trap 'mkdir told; exit 9' TERM; sleep 1000 & echo ready; wait");
        using Process trace = area.StartOutside(NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/own", "--", "bash", "script");
        Assert.Equal("ready", trace.StandardOutput.ReadLine());
        string pid = Programs.Run("pgrep", "-f", $"^{NativeBinary.Path} trace -q -o {area.Home}/own").Succeed().Output.Trim().Split('\n')[^1];
        Programs.Run("kill", "-TERM", pid).Succeed();
        Programs.WaitUntil(() => Directory.Exists($"{area.Work}/told"), "the command heard of it");
        Assert.Contains("go on and are followed", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        Programs.Run("kill", "-INT", pid).Succeed();
        trace.WaitForExit();
        Assert.Equal(9, trace.ExitCode);
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Contains($"create {area.Work}/told success", audit.Accesses);
        Assert.Equal(["interrupted"], audit.Problems);
    }

    [Theory, BothIdentities]
    public void The_command_dies_with_its_tracer(Identity identity)
    {
        using TestArea area = new(identity);
        using Process trace = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/own", "--", "bash", "-c", "echo $$; sleep 1000 & wait");
        string command = trace.StandardOutput.ReadLine()!;
        string pid = Programs.Run("pgrep", "-f", $"^{NativeBinary.Path} trace -q -o {area.Home}/own").Succeed().Output.Trim().Split('\n')[^1];
        Programs.Run("kill", "-KILL", pid).Succeed();
        Programs.WaitUntil(() => !Directory.Exists($"/proc/{command}"), "the command is gone");
        trace.WaitForExit();
    }

    [Theory, BothIdentities]
    public void Set_user_id_programs_keep_their_privilege_under_root_only(Identity identity)
    {
        using TestArea area = new(identity);
        Trace(area, "own", "bash", "-c", "su --version").Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Equal(identity == Identity.Root ? [] : ["set-user-id"], audit.Problems);
    }

    [Fact]
    public void Under_root_a_set_user_id_program_works()
    {
        using TestArea area = new(Identity.Root);
        string id = $"{area.Work}/id";
        Programs.Run("cp", "/usr/bin/id", id).Succeed();
        Programs.Run("chmod", "4755", id).Succeed();
        Outcome outcome = Trace(
            area, "own", "setpriv", $"--reuid={Account.Of(Identity.Ordinary).Uid}", "--clear-groups", id, "-u");
        Assert.Equal("0", outcome.Output.Trim());
    }

    [Theory, BothIdentities]
    public void A_recording_that_cannot_be_written_is_no_audit(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("script", "for i in $(seq 30000); do : < /dev/null; done; echo went on");
        string disk = $"{area.Root}/disk";
        Directory.CreateDirectory(disk);
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "none", disk).Succeed();
        try
        {
            Outcome outcome = area.Outside(NativeBinary.Path, "trace", "-o", $"{disk}/own", "--", "bash", "script");
            Assert.Equal("went on\n", outcome.Output);
            Assert.Equal(125, outcome.Status);
            Assert.Contains("own.strace.gz cannot be written: No space left on device", outcome.Errors, StringComparison.Ordinal);
            Assert.False(File.Exists($"{disk}/own"));
        }
        finally
        {
            Programs.Run("umount", disk).Succeed();
        }
    }

    [Theory, BothIdentities]
    public void A_recording_that_is_there_already_stays_and_no_empty_audit_is_left_beside_it(Identity identity)
    {
        using TestArea area = new(identity);
        area.OutsideShell("echo evidence > $HOME/own.strace.gz").Succeed();
        Outcome outcome = Trace(area, "own", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("is there already", outcome.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Home}/own"));
        Assert.Equal("evidence\n", File.ReadAllText($"{area.Home}/own.strace.gz"));
    }

    [Fact]
    public void What_was_begun_on_a_full_disk_is_not_left()
    {
        using TestArea area = new(Identity.Root);
        Trace(area, "own", "sh", "-c", "for i in $(seq 400); do cat /etc/passwd$i 2>/dev/null; done; true").Succeed();
        Directory.CreateDirectory($"{area.Root}/disk");
        Outcome outcome = area.Outside(
            "unshare", "-m", "sh", "-c",
            "mount -t tmpfs -o size=8k none \"$1\" && \"$2\" audit merge -o \"$1/x\" \"$HOME/own\"; stat -c %n=%s \"$1\"/*; \"$2\" trace -o \"$1/y\" -- cat \"$HOME/own\" > \"$1/fill\"; ls \"$1\"",
            "sh", $"{area.Root}/disk", NativeBinary.Path);
        // Who merges is confined, and has no names to remove; who traces is not.
        Assert.Contains("x cannot be written, and it stays empty", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("y.strace.gz cannot be written", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal($"{area.Root}/disk/x=0\nfill\nx\n", outcome.Output);
    }

    [Theory, BothIdentities]
    public void Without_a_name_the_audit_is_kept_where_sessions_are(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(NativeBinary.Path, "trace", "--", "cat", "/etc/hostname").Succeed();
        string audit = Assert.Single(Directory.GetFiles($"{area.State}/audits", "*-cat-*.audit"));
        Assert.Contains($"all of it is in {audit}", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("executed: 1", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("read /etc/hostname success", new AuditLines(audit).Accesses);
    }

    [Theory, BothIdentities]
    public void Accesses_are_shown_when_they_happen_and_do_not_act_on_the_terminal(Identity identity)
    {
        using TestArea area = new(identity);
        using Process trace = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "--follow", "-o", $"{area.Home}/own", "--",
            "sh", "-c", "mkdir first; mkdir \"$(printf 'a\\033[31mb')\"; cat missing; read x");
        List<string> lines = [];
        while (!lines.Exists(line => line.Contains("033", StringComparison.Ordinal) || line.Contains("x1b", StringComparison.OrdinalIgnoreCase)))
        {
            lines.Add(trace.StandardError.ReadLine() ?? throw new InvalidOperationException(string.Join('\n', lines)));
        }

        trace.StandardInput.WriteLine();
        string rest = trace.StandardError.ReadToEnd();
        trace.WaitForExit();
        Assert.Contains($"create             {area.Work}/first  by mkdir", lines);
        Assert.DoesNotContain(lines, line => line.Contains('\e'));
        Assert.DoesNotContain(lines, line => line.StartsWith("read", StringComparison.Ordinal) && line.Contains("missing", StringComparison.Ordinal));
        Assert.DoesNotContain("\e", rest, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void All_calls_have_their_names_where_that_is_wanted(Identity identity)
    {
        using TestArea area = new(identity);
        area.Outside(NativeBinary.Path, "trace", "-q", "--all-calls", "-o", $"{area.Home}/all", "--", "sh", "-c", "ls / | wc -l").Succeed();
        Trace(area, "some", "sh", "-c", "ls / | wc -l").Succeed();
        AuditLines.AssertSame(AuditLines.Of(area, "all"), AuditLines.Of(area, "some"));
        string theirs = area.OutsideShell("strace -f -q -c -o $HOME/table sh -c 'ls / | wc -l' > /dev/null; awk '$1 ~ /^[0-9]/ && $NF ~ /^[a-z]/ && $NF != \"total\" { print $NF }' $HOME/table").Output;
        string filter = area.Outside(NativeBinary.Path, "export", "seccomp", $"{area.Home}/all").Succeed().Output;
        foreach (string name in theirs.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains($"\"{name}\"", filter, StringComparison.Ordinal);
        }
    }

    private static Outcome Trace(TestArea area, string name, params string[] command) =>
        area.Outside([NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/{name}", "--", .. command]);

    private static Outcome Feed(TestArea area, string input, string[] command) =>
        Programs.Run(area.StartOutside(command), global::System.Text.Encoding.UTF8.GetBytes(input));
}
