using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>The second back end of <c>shellguard trace</c> sees the same as the first one, changes the command even less,
/// counts what it loses, and leaves nothing behind.</summary>
[Collection(LoadedProgramsCollection.Name)]
public sealed class EbpfTraceTests
{
    [Fact]
    public void The_accesses_are_those_that_the_other_tracer_and_strace_see()
    {
        using TestArea area = new(Identity.Root);
        area.Write("script", AccessScript.Text);
        const string clean = "rm -rf made kept counted threaded served";
        area.OutsideShell($"bash script; {clean}");
        Trace(area, "ebpf", "ebpf", "bash", "script").Succeed();
        area.OutsideShell(clean).Succeed();
        Trace(area, "ptrace", "ptrace", "bash", "script").Succeed();
        area.OutsideShell(clean).Succeed();
        area.Outside("strace", "-f", "-yy", "-q", "-s", "65535", "-o", $"{area.Home}/log", "bash", "script").Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/strace", $"{area.Home}/log");
        AuditLines ebpf = AuditLines.Of(area, "ebpf");
        AuditLines.AssertSame(ebpf, AuditLines.Of(area, "ptrace"));
        AuditLines.AssertSame(ebpf, AuditLines.Of(area, "strace"));
        Assert.Equal("complete", ebpf.Coverage);
        Assert.Equal(0, ebpf.UnknownLines);
    }

    [Theory]
    [InlineData("export GIT_AUTHOR_DATE=2026-01-01T00:00:00Z GIT_COMMITTER_DATE=2026-01-01T00:00:00Z; rm -rf r; git init -q r && cd r && echo a > f && git add f && git -c user.name=n -c user.email=e commit -qm m && git gc -q")]
    [InlineData("echo 'int main(void){return 0;}' > m.c; gcc -o m m.c && ./m")]
    [InlineData("$GO_CLIENT 127.0.0.1 9; $MUSL_CLIENT 127.0.0.1 9; true")]
    [InlineData("/usr/bin/python3 -B -c 'import subprocess, sqlite3; subprocess.run([\"sort\", \"/etc/passwd\"], stdout=-3)'")]
    public void Real_programs_are_seen_as_the_other_tracer_sees_them(string line)
    {
        using TestArea area = new(Identity.Root);
        line = line.Replace("$GO_CLIENT", Helper.GoClient, StringComparison.Ordinal)
            .Replace("$MUSL_CLIENT", Helper.MuslClient, StringComparison.Ordinal);
        area.OutsideShell(line).Succeed();
        Trace(area, "ebpf", "ebpf", "bash", "-c", line).Succeed();
        Trace(area, "ptrace", "ptrace", "bash", "-c", line).Succeed();
        AuditLines ebpf = AuditLines.Of(area, "ebpf");
        AuditLines.AssertSame(ebpf, AuditLines.Of(area, "ptrace"));
        Assert.Equal("complete", ebpf.Coverage);
    }

    [Fact]
    public void Nothing_is_missed_that_goes_unusual_ways()
    {
        using TestArea area = new(Identity.Root);
        Trace(area, "ebpf", "own", Helper.Traced).Succeed();
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
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/again", $"{area.Home}/own.strace.gz").Succeed();
        AuditLines.AssertSame(audit, AuditLines.Of(area, "again"));
    }

    [Fact]
    public void What_no_page_holds_yet_is_read_behind_the_call()
    {
        using TestArea area = new(Identity.Root);
        Trace(area, "ebpf", "own", Helper.Cold).Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Contains($"create {area.Work}/cold success", audit.Accesses);
        Assert.Contains($"connect {area.Work}/cold-socket absent ENOENT", audit.Accesses);
        Assert.Contains($"create {area.Work}/cold-exec success", audit.Accesses);
        Assert.Contains("execute /bin/mkdir success", audit.Accesses);
        Assert.Contains(
            "execve(\"/bin/mkdir\", [\"mkdir\", \"cold-exec\"]", area.OutsideShell($"zcat {area.Home}/own.strace.gz").Output,
            StringComparison.Ordinal);

        // The address where nothing is: counted, and not passed over.
        Assert.Equal(["undecoded-arguments"], audit.Problems);
    }

    [Fact]
    public void The_command_is_not_changed()
    {
        using TestArea area = new(Identity.Root);
        const string line = "echo out; echo err >&2; cat; trap 'echo trapped' USR1; kill -USR1 $$; ulimit -n; umask; id -u; env -u _ | sort; "
            + "ls -l /proc/self/fd | wc -l; grep -E 'Tracer|Seccomp:|NoNew|SigBlk' /proc/self/status; exit 42";
        Outcome traced = Feed(area, "input\n", [NativeBinary.Path, "trace", "-q", "--backend", "ebpf", "-o", $"{area.Home}/a", "--", "bash", "-c", line]);
        Outcome plain = Feed(area, "input\n", ["bash", "-c", line]);
        Assert.Equal(42, traced.Status);
        Assert.Equal(plain.Output, traced.Output);
        Assert.Equal(plain.Errors, traced.Errors);
    }

    [Fact]
    public void The_end_of_the_command_is_ours()
    {
        using TestArea area = new(Identity.Root);
        area.Write("text", "no program");
        foreach ((string command, int status, string reason) in ((string, int, string)[])
            [
                ("true", 0, ""), ("sh -c 'exit 255'", 255, ""), ("sh -c 'kill -KILL $$'", 137, "Killed"),
                ("sh -c 'kill -TERM $$'", 143, "Terminated"), ("no-such-program", 127, "there is no program no-such-program"),
                ("./missing", 127, "ENOENT"), ("./text", 126, "EACCES"),
            ])
        {
            Outcome outcome = area.OutsideShell($"{NativeBinary.Path} trace -q --backend ebpf -o {area.Home}/a -- {command}; s=$?; rm -f {area.Home}/a*; exit $s");
            Assert.True(outcome.Status == status, $"{command}: {outcome.Status} {outcome.Errors}");
            Assert.Contains(reason, outcome.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_program_that_traces_others_works()
    {
        using TestArea area = new(Identity.Root);
        string[] command = ["strace", "-f", "-qq", "-o", $"{area.Home}/inner", "sh", "-c", "mkdir inner"];
        Trace(area, "ebpf", "own", command).Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Contains($"create {area.Work}/inner success", audit.Accesses);
        Assert.Contains("mkdir(\"inner\"", File.ReadAllText($"{area.Home}/inner"), StringComparison.Ordinal);

        // The other back end holds the one place of a tracer.
        Assert.NotEqual(0, Trace(area, "ptrace", "other", command).Status);
    }

    [Fact]
    public void A_tracer_of_ours_is_no_hindrance_and_the_choice_says_so()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = area.Outside(
            "strace", "-f", "-qq", "-o", "/dev/null", NativeBinary.Path, "trace", "-o", $"{area.Home}/own", "--", "mkdir", "made").Succeed();
        Assert.Contains("traced by eBPF: something traces shellguard already", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"create {area.Work}/made success", AuditLines.Of(area, "own").Accesses);
        Assert.Contains(
            "traced by ptrace: it loses nothing",
            area.Outside(NativeBinary.Path, "trace", "-o", $"{area.Home}/plain", "--", "true").Succeed().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_user_id_programs_of_an_ordinary_user_keep_their_privilege()
    {
        using TestArea area = new(Identity.Root);
        string id = $"{area.Work}/id";
        Programs.Run("cp", "/usr/bin/id", id).Succeed();
        Programs.Run("chmod", "4755", id).Succeed();
        Outcome outcome = Trace(
            area, "ebpf", "own", "setpriv", $"--reuid={Account.Of(Identity.Ordinary).Uid}", "--clear-groups", id, "-u");
        Assert.Equal("0", outcome.Output.Trim());
        Assert.Equal([], AuditLines.Of(area, "own").Problems);
    }

    [Fact]
    public void An_ordinary_user_is_told_the_way_on()
    {
        using TestArea area = new(Identity.Ordinary);
        Outcome outcome = Trace(area, "ebpf", "own", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("it is for root", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("use --backend ptrace", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.TrimEnd().Split('\n'));
        Assert.False(Path.Exists($"{area.Home}/own"));
    }

    [Fact]
    public void What_was_lost_is_counted_and_said()
    {
        using TestArea area = new(Identity.Root);

        // The reader is stopped while the ring of one megabyte fills; the command counts on nobody.
        const string storm = "import os\nos.kill(os.getppid(), 19)\nfor i in range(60000):\n  try: os.stat('/no/such/file/%d' % i)\n  except OSError: pass\nos.kill(os.getppid(), 18)";
        area.Write("storm.py", storm);
        Outcome outcome = area.Outside(
            NativeBinary.Path, "trace", "--backend", "ebpf", "--buffer", "1", "-o", $"{area.Home}/own", "--", "/usr/bin/python3", "-B", "storm.py").Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Equal("partial", audit.Coverage);
        Assert.Contains("lost-events", audit.Problems);
        Assert.Contains("the recorder lost", outcome.Errors, StringComparison.Ordinal);
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/again", $"{area.Home}/own.strace.gz");
        Assert.Equal(audit.Problems, AuditLines.Of(area, "again").Problems);
    }

    [Fact]
    public void What_it_leaves_in_the_background_is_followed_and_ended_on_request()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = Trace(area, "ebpf", "own", "bash", "-c", "(sleep 0.3; mkdir late) & exit 5");
        Assert.Equal(5, outcome.Status);
        Assert.Contains("that it started go on and are followed", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains($"create {area.Work}/late success", AuditLines.Of(area, "own").Accesses);

        using Process trace = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "--backend", "ebpf", "-o", $"{area.Home}/stopped", "--", "bash", "-c", "sleep 1000 & echo $!");
        string left = trace.StandardOutput.ReadLine()!;
        Assert.Contains("go on and are followed", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        Programs.Run("kill", "-INT", $"{trace.Id}").Succeed();
        trace.WaitForExit();
        Programs.WaitUntil(() => !Directory.Exists($"/proc/{left}"), "what was left is gone");
        Assert.Contains("interrupted", AuditLines.Of(area, "stopped").Problems);
    }

    [Fact]
    public void In_a_pid_namespace_the_numbers_are_those_that_are_seen_there()
    {
        using TestArea area = new(Identity.Root);
        area.Outside(
            "unshare", "--pid", "--fork", "--mount-proc", NativeBinary.Path, "trace", "-q", "--backend", "ebpf", "-o", $"{area.Home}/own", "--",
            "bash", "-c", "cat /proc/$$/comm; mkdir n$$; ls n$$ & wait").Succeed();
        AuditLines audit = AuditLines.Of(area, "own");
        string made = Path.GetFileName(Assert.Single(Directory.GetDirectories(area.Work)));
        string recording = area.OutsideShell($"zcat {area.Home}/own.strace.gz").Output;
        Assert.Contains($"read /proc/{made[1..]}/comm success", audit.Accesses);
        Assert.Equal("complete", audit.Coverage);
        Assert.Matches($@"(?m)^{made[1..]} \S+ \+\+\+ started by shellguard", recording);
        Assert.Matches($@"(?m)^{made[1..]} \S+ \+\+\+ exited with 0", recording);
    }

    /// <summary>Whatever ends the tracer, the kernel forgets its programs; the command goes on.</summary>
    [Fact]
    public void Nothing_stays_loaded_when_the_tracer_is_killed()
    {
        using TestArea area = new(Identity.Root);

        // The kernel frees those of the test before a moment after it ended.
        Programs.WaitUntil(() => Loaded() == 0, "the programs of others are gone");
        using Process trace = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "--backend", "ebpf", "-o", $"{area.Home}/own", "--", "bash", "-c", "echo ready; read x; echo $x > went-on");
        Assert.Equal("ready", trace.StandardOutput.ReadLine());
        Assert.True(Loaded() >= 5, "the programs are loaded");
        Programs.Run("kill", "-KILL", $"{trace.Id}").Succeed();
        Programs.WaitUntil(() => Loaded() == 0, "the programs are gone");
        trace.StandardInput.WriteLine("on");
        trace.WaitForExit();
        Programs.WaitUntil(() => Path.Exists($"{area.Work}/went-on"), "the command went on");
    }

    [Fact]
    public void The_terminal_is_the_commands()
    {
        using TestArea area = new(Identity.Root);
        const string line = "tty; stty -a; ps -o stat= -p $$";
        string plain = area.Outside("script", "-qec", $"bash -c '{line}'", "/dev/null").Output;
        string traced = area.Outside(
            "script", "-qec", $"{NativeBinary.Path} trace -q --backend ebpf -o {area.Home}/own -- bash -c '{line}'", "/dev/null").Output;
        Assert.Contains("/dev/pts/", traced, StringComparison.Ordinal);

        // Which terminal it is differs, and who leads the session.
        Assert.Equal(plain.Split('\n')[1..^2], traced.Split('\n')[1..^2]);
    }

    private static int Loaded() => Programs.Run(Helper.LoadedPrograms).Succeed().Output.Split('\n').Count(name => name == "shellguard");

    private static Outcome Trace(TestArea area, string backend, string name, params string[] command) =>
        area.Outside([NativeBinary.Path, "trace", "-q", "--backend", backend, "-o", $"{area.Home}/{name}", "--", .. command]);

    private static Outcome Feed(TestArea area, string input, string[] command) =>
        Programs.Run(area.StartOutside(command), global::System.Text.Encoding.UTF8.GetBytes(input));

    [Fact]
    public void Accesses_are_shown_when_they_happen()
    {
        using TestArea area = new(Identity.Root);
        using Process trace = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "--follow", "--backend", "ebpf", "-o", $"{area.Home}/own", "--", "sh", "-c", "mkdir first; read x; mkdir second");
        List<string> lines = [];
        while (!lines.Contains($"create             {area.Work}/first  by mkdir"))
        {
            lines.Add(trace.StandardError.ReadLine() ?? throw new InvalidOperationException(string.Join('\n', lines)));
        }

        Assert.False(Directory.Exists($"{area.Work}/second"), "it was shown when all was over");
        trace.StandardInput.WriteLine();
        Assert.Contains($"create             {area.Work}/second  by mkdir\n", trace.StandardError.ReadToEnd(), StringComparison.Ordinal);
        trace.WaitForExit();
        Assert.Equal(0, trace.ExitCode);
    }
}
