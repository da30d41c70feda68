using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>From a recording to a policy, and the proof that the command runs under it.</summary>
public sealed class VerifyTests : IDisposable
{
    private const string Script = """
        echo begin
        cat data/in > out/copy
        cat data/missing 2>/dev/null
        t=$(mktemp) && echo $$ > "$t" && echo "made $t" && rm "$t"
        exit 3
        """;

    // Not below /var/tmp, which is the cell's own.
    private readonly string _directory = $"/srv/sgt-verify-{Environment.ProcessId}";

    public void Dispose() => Directory.CreateDirectory(_directory).Delete(recursive: true);

    [Theory, BothIdentities]
    public void What_was_learnt_is_enough_and_another_status_or_output_is_found_out(Identity identity)
    {
        using TestArea area = new(identity);
        Learn(area);
        Outcome good = Shellguard(area, "verify", "--free", "--runs", "2", "--audit", "x.audit", "./x.toml", "--", "/bin/sh", "script").Succeed();
        Assert.StartsWith("without the policy: status 3, 2 lines of output\nrun 1: as expected, status 3\n", good.Output, StringComparison.Ordinal);
        Assert.EndsWith("verified 2 runs\n", good.Output, StringComparison.Ordinal);

        Outcome status = Shellguard(area, "verify", "--audit", "x.audit", "./x.toml", "--", "/bin/sh", "script").EndWith(1);
        Assert.Contains("status 3, not 0", status.Output, StringComparison.Ordinal);
        File.WriteAllText($"{_directory}/expected", "begin\nmade /tmp/tmp.0123456789\nand more\n");
        Outcome output = Shellguard(
            area, "verify", "--expect-status", "3", "--expect-output", "expected", "--audit", "x.audit", "./x.toml", "--", "/bin/sh", "script").EndWith(1);
        Assert.Contains("output: 1 lines missing, 0 new\n    - and more\n", output.Output, StringComparison.Ordinal);
        Leftovers.AssertNoTrials();
    }

    /// <summary>What could not be tried is not called wrong; a command that only the policy keeps away is.</summary>
    [Theory, BothIdentities]
    public void What_is_not_there_is_no_verdict(Identity identity)
    {
        using TestArea area = new(identity);
        Learn(area);
        Outcome policy = Shellguard(area, "verify", "--free", "./nowhere.toml", "--", "/bin/sh", "-c", "touch out/ran").EndWith(125);
        Assert.Contains($"cannot read the policy {_directory}/nowhere.toml: no such file", policy.Errors, StringComparison.Ordinal);
        Assert.False(Path.Exists($"{_directory}/out/ran"));
        foreach ((string[] words, string command, int status, string said) in ((string[], string, int, string)[])
            [
                ([], "/nowhere/tool", 127, "there is no program /nowhere/tool"), (["--free"], "/nowhere/tool", 127, "there is no program"),
                ([], "no-such-tool", 127, "there is no program no-such-tool in PATH"), (["--expect-status", "127"], "no-such-tool", 127, "there is no program"),
                ([], "./data/in", 126, "./data/in is not executable"),
            ])
        {
            Outcome missing = Shellguard(area, ["verify", .. words, "./x.toml", "--", command]).EndWith(status);
            Assert.Contains(said, missing.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("verified", missing.Output, StringComparison.Ordinal);
        }

        Programs.Run("cp", "/bin/true", $"{_directory}/hidden").Succeed();
        foreach (string status in (string[])["0", "127"])
        {
            Outcome hidden = Shellguard(area, "verify", "--expect-status", status, "./x.toml", "--", "./hidden").EndWith(1);
            Assert.Contains("the command did not start, and the host has it", hidden.Output, StringComparison.Ordinal);
        }

        Shellguard(area, "verify", "--expect-status", "127", "./x.toml", "--", "/bin/sh", "-c", "exit 127").Succeed();
        Leftovers.AssertNoTrials();
    }

    [Fact]
    public void Root_has_it_run_as_an_ordinary_user()
    {
        using TestArea area = new(Identity.Root);
        Learn(area);
        Programs.Run("chmod", "-R", "a+rX", _directory).Succeed();
        File.WriteAllText($"{_directory}/who", "id -u\n");
        string policy = File.ReadAllText($"{_directory}/x.toml").Replace("read-only = [", $"read-only = [\n  \"{_directory}/who\",", StringComparison.Ordinal);
        File.WriteAllText($"{_directory}/who.toml", policy);
        Account ordinary = Account.Of(Identity.Ordinary);
        File.WriteAllText($"{_directory}/expected", $"{ordinary.Uid}\n");
        Outcome outcome = Shellguard(
            area, "verify", "--user", ordinary.Name, "--expect-output", "expected", "./who.toml", "--", "/bin/sh", "who").Succeed();
        Assert.EndsWith($"verified 1 run as {ordinary.Name}\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void All_would_be_denials_are_said_at_once_and_nothing_runs(Identity identity)
    {
        using TestArea area = new(identity);
        Learn(area);
        Shellguard(area, "verify", "--permissive", "--audit", "x.audit", "./x.toml").Succeed();
        Outcome none = Shellguard(area, "verify", "--permissive", "--audit", "x.audit", "dead").EndWith(1);
        Assert.Contains($"read {_directory}/data/in: no rule shows {_directory}/data/in\n", none.Output, StringComparison.Ordinal);
        Assert.Contains($"write {_directory}/out/copy: no rule shows {_directory}/out/copy\n", none.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sockets_devices_settings_and_where_a_file_is_moved_to_are_among_them()
    {
        using TestArea area = new(Identity.Ordinary);
        area.Write(
            "log",
            """
            100 execve("/bin/true", ["true"], 0x7ffc /* 1 var */) = 0
            100 connect(3, {sa_family=AF_UNIX, sun_path="/run/docker.sock"}, 110) = 0
            100 bind(4, {sa_family=AF_UNIX, sun_path="/run/own.sock"}, 110) = 0
            100 connect(5, {sa_family=AF_UNIX, sun_path="/run/own.sock"}, 110) = 0
            100 rename("/srv/a", "/var/lib/dpkg/b") = 0
            100 rename("/srv/a", "/srv/c") = 0
            100 openat(AT_FDCWD, "/proc/sys/kernel/core_pattern", O_WRONLY) = 6
            100 openat(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY) = 7
            100 openat(AT_FDCWD, "/dev/null", O_WRONLY) = 8
            100 openat(AT_FDCWD, "/dev/sda", O_RDONLY) = 9
            100 setuid(33) = 0
            100 mount("none", "/mnt", "tmpfs", 0, NULL) = 0

            """);
        area.Write("srv.toml", "extends = \"default\"\n[files]\ncopy-on-write = [\"/srv\"]\n");
        area.Outside(NativeBinary.Path, "import", "-o", "log.audit", "log");
        string said = area.Outside(NativeBinary.Path, "verify", "--permissive", "--audit", "log.audit", "./srv.toml").EndWith(1).Output;
        Assert.Contains("/run/docker.sock: a cell reaches no unix socket of the host\n", said, StringComparison.Ordinal);
        Assert.Contains("/var/lib/dpkg/b: ", said, StringComparison.Ordinal);
        Assert.Contains("/proc/sys/kernel/core_pattern: a cell changes no setting of the kernel\n", said, StringComparison.Ordinal);
        Assert.Contains("/dev/sda: a cell has no such device\n", said, StringComparison.Ordinal);
        Assert.Contains("4 would be denied\n", said, StringComparison.Ordinal);
        Assert.Contains(" cannot be told without running it ", said, StringComparison.Ordinal);
    }

    /// <summary>No cell has datagram sockets of unix. Whoever only wanted the system log with one is verified, and the loss
    /// is said; whoever wanted anything else is not.</summary>
    [Theory]
    [InlineData("/dev/log", true, 0)]
    [InlineData("/dev/log", false, 0)]
    [InlineData("/srv/elsewhere", true, 1)]
    public void A_datagram_socket_is_expected_where_the_system_log_was_meant(string place, bool isThere, int status)
    {
        using DaemonWorld world = new();
        string directory = $"{world.Area.Work}/program";
        Directory.CreateDirectory(directory);
        File.WriteAllText($"{directory}/send.py", $"""
            import socket
            try:
                sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                sender.connect("{place}")
                sender.send(b"<13>hello")
            except OSError:
                pass
            print("done")
            """);
        string listener = $"import socket, time; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind('{place}'); time.sleep(600)";
        Outcome outcome = world.Run($"""
            mount -t tmpfs none /srv
            mkdir /srv/program; cp {directory}/send.py /srv/program; cd /srv/program
            mkdir /srv/dev; mount --rbind /dev /srv/dev; layer /dev
            for place in pts shm; do mount --bind /srv/dev/$place /dev/$place; done
            {(isThere ? $"python3 -c \"{listener}\" & again test -S {place}" : "")}
            shellguard trace -q -o x.audit -- python3 send.py
            set +e
            shellguard learn -o x.toml x.audit 2>/dev/null
            grep '{place}' x.toml
            shellguard verify --audit x.audit ./x.toml -- python3 send.py
            echo "status $?"
            """);
        Assert.Contains($"status {status}\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(isThere, outcome.Output.Contains("a cell has no unix datagram sockets", StringComparison.Ordinal));
        Assert.Contains($"1 {(status == 0 ? "expected" : "new")} denial:\n    /usr/bin/python3", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(": system-call socket AF_UNIX SOCK_DGRAM: ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(status == 0 && isThere, outcome.Output.Contains("it recorded connect /dev/log; what it writes to the system log is lost", StringComparison.Ordinal));
        Assert.Equal(!isThere, outcome.Output.Contains("it recorded connect /dev/log not there; nobody listened", StringComparison.Ordinal));
    }

    /// <summary>Records the script, and derives a policy from that.</summary>
    private void Learn(TestArea area)
    {
        Directory.CreateDirectory($"{_directory}/data");
        Directory.CreateDirectory($"{_directory}/out");
        File.WriteAllText($"{_directory}/data/in", "data\n");
        File.WriteAllText($"{_directory}/script", Script);
        Programs.Run("chown", "-R", $"{area.Account.Uid}:{area.Account.Gid}", _directory).Succeed();
        Run(area, "strace", "-f", "-yy", "-s", "65535", "-o", "x.strace", "/bin/sh", "script").EndWith(3);
        Shellguard(area, "import", "-o", "x.audit", "x.strace");
        Shellguard(area, "learn", "-o", "x.toml", "x.audit").Succeed();
    }

    private Outcome Shellguard(TestArea area, params string[] words) => Run(area, [NativeBinary.Path, .. words]);

    private Outcome Run(TestArea area, params string[] command) =>
        Programs.Run(Programs.Start([.. area.Account.Prefix, .. command], _directory, area.Environment), null);
}
