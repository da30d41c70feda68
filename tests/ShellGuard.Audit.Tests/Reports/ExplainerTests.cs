using System.Text.Json;
using System.Text.RegularExpressions;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Audit.Reports.Explaining;
using ShellGuard.Audit.Tests.Profiles;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>From any name and from any rule the way leads back to processes and lines.</summary>
public sealed class ExplainerTests : IDisposable
{
    private static readonly string[] Log =
    [
        "10 execve(\"/srv/scan\", [\"scan\", \"https://updates.example.org/x\"], [\"HOME=/root\", \"API_TOKEN=hunter2\"]) = 0",
        "10 brk(NULL) = 0x55", "10 getpid() = 10", "10 mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f", "10 read(3, \"x\", 1) = 1",
        "10 close(3) = 0", "10 mprotect(0x7f, 4096, PROT_READ) = 0",
        "10 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3", "10 openat(AT_FDCWD, \"/srv/in/a*b\", O_RDONLY) = 3",
        "10 openat(AT_FDCWD, \"/srv/out/report\", O_WRONLY|O_CREAT, 0644) = 3", "10 openat(AT_FDCWD, \"/root/work/x\", O_WRONLY|O_CREAT, 0644) = 3",
        "10 openat(AT_FDCWD, \"/tmp/scan.k3J9x2\", O_WRONLY|O_CREAT, 0600) = 3", "10 rename(\"/srv/out/report\", \"/tmp/db.k3J9x2\") = 0",
        "10 mkdir(\"/mnt/disk\", 0755) = 0", "10 mount(\"/dev/vdb\", \"/mnt/disk\", \"ext4\", 0, NULL) = 0", "10 stat(\"/mnt\", {st_mode=S_IFDIR|0755, st_size=0, ...}) = 0",
        "10 prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN) = 0", "10 alarm(0) = 0",
        "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5", "10 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"198.51.100.7\")}, 16) = 0",
        "10 socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP) = 6",
        "10 bind(6, {sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::\", &sin6_addr), sin6_scope_id=0}, 28) = 0",
        "10 listen(6, 5) = 0", "10 connect(7, {sa_family=AF_UNIX, sun_path=\"/srv/sock\"}, 110) = 0", "10 socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 8",
        "10 fork() = 11", "11 execve(\"/usr/bin/tail\", [\"tail\", \"-n\", \"1\", \"/var/log/auth.log\"], [\"HOME=/root\"]) = 0", "11 sigaltstack(NULL, NULL) = 0",
        "11 openat(AT_FDCWD, \"/var/log/auth.log\", O_RDONLY) = 3", "11 exit_group(0) = ?", "11 +++ exited with 0 +++", "10 setuid(33) = 0", "10 exit_group(0) = ?", "10 +++ exited with 0 +++",
    ];

    private static readonly FakeHost Host = new FakeHost("/srv/scan", "/srv/in/a*b", "/srv/sock", "/usr/bin/tail")
        .File("/etc/shadow", 0b110_100_000, 42).File("/var/log/auth.log", 0b110_100_000, 4).Directory("/srv/out").Directory("/mnt").Directory("/root/work").Directory("/root", 0b111_000_000);

    private readonly string _recording = Path.GetTempFileName();
    private readonly AccessProfile _profile;

    public ExplainerTests()
    {
        File.WriteAllLines(_recording, Log);
        ImportResult result = Importer.Run(new ImportOptions([_recording]) { Format = TraceFormat.Strace }, CancellationToken.None);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        _profile = ProfileBuilder.Build(AuditSample.Again(result).Result, new GeneralOptions(), Host);
    }

    public void Dispose() => File.Delete(_recording);

    [Theory]
    [InlineData("/etc/shadow", "read /etc/shadow by /srv/scan in 8")]
    [InlineData("/srv/in/a*b", "read /srv/in/a*b by /srv/scan in 9")]
    [InlineData("/srv/in/a[*]b", "read /srv/in/a*b by /srv/scan in 9")] // a policy
    [InlineData("/srv/in/a\\*b", "read /srv/in/a*b by /srv/scan in 9")] // AppArmor
    [InlineData("/srv/in/", "read /srv/in/a*b by /srv/scan in 9")]
    [InlineData("/tmp/scan.*", "write /tmp/scan.* by /srv/scan in 12", "create /tmp/scan.* by /srv/scan in 12")]
    [InlineData("/tmp/scan.k*", "write /tmp/scan.* by /srv/scan in 12", "create /tmp/scan.* by /srv/scan in 12")] // no pattern of the audit's
    [InlineData("/tmp/db.*", "rename /srv/out/report to /tmp/db.* by /srv/scan in 13")]
    [InlineData("/mnt", "stat /mnt by /srv/scan in 16", "mount /mnt/disk by /srv/scan in 15", "create /mnt/disk by /srv/scan in 14")]
    [InlineData("mount", "mount /mnt/disk by /srv/scan in 15")]
    [InlineData("CAP_NET_BIND_SERVICE", "bind [::]:80/tcp by /srv/scan in 22")]
    [InlineData("net_bind_service", "bind [::]:80/tcp by /srv/scan in 22")]
    [InlineData("CAP_SYS_ADMIN", "change-identity PR_CAPBSET_DROP CAP_SYS_ADMIN by /srv/scan in 17", "mount /mnt/disk by /srv/scan in 15")]
    [InlineData("SETUID", "change-identity uid 33 by /srv/scan in 32")]
    [InlineData("adm", "read /var/log/auth.log by /usr/bin/tail in 29")]
    [InlineData("198.51.100.7:443/tcp", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("198.51.100.7", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("198.51.100.7/32", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("updates.example.org:443", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("443", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("443/tcp", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("443/udp")]
    [InlineData("AF_INET", "connect 198.51.100.7:443/tcp by /srv/scan in 20")]
    [InlineData("unix", "connect /srv/sock by /srv/scan in 24")]
    [InlineData("/usr/bin/tail -n 1 /var/log/auth.log", "execute /usr/bin/tail by /srv/scan in 27")]
    [InlineData("brk", "brk by /srv/scan in 2")]
    [InlineData("sigaltstack", "sigaltstack by /usr/bin/tail in 28")]
    [InlineData("/nowhere")]
    [InlineData("*")]
    [InlineData("[")]
    [InlineData("\\")]
    [InlineData("/etc/[")]
    [InlineData("99999999999999999999")]
    public void A_name_leads_to_processes_and_lines(string wanted, params string[] expected) => Assert.Equal(
        expected,
        Explain(wanted).Accesses.Select(access =>
            $"{AccessText.WithOutcome(access)} by {access.Members[0].Access.Chain[0].Program} in {access.Members[0].Origin.Line}"));

    [Theory]
    [InlineData("CAP_NET_BIND_SERVICE", "CAP_NET_BIND_SERVICE: ports below 1024 are root's (80)")]
    [InlineData("42", "group 42: /etc/shadow lets only its owner or group read it")]
    [InlineData("brk", "system call brk: made 1 time")]
    [InlineData("rt_sigreturn", "rt_sigreturn: not seen; filters let it through all the same, because no run shows it or because the runtime makes it")]
    [InlineData("API_TOKEN", "variable API_TOKEN: given to the command, in 1 execution")]
    [InlineData("HOME", "variable HOME: given to the command, in 2 executions", "HOME: every policy passes it, because no recording tells which variables are read")]
    [InlineData("LC_*", "LC_*: every policy passes it, because no recording tells which variables are read")]
    [InlineData("/etc/shadow")]
    public void What_is_no_access_is_a_note(string wanted, params string[] expected)
    {
        Assert.Equal(expected, Explain(wanted).Notes.Select(note => note.Text));
        Assert.DoesNotContain("hunter2", string.Concat(Explain(wanted).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_a_call_that_reached_nothing_stands_the_program_with_its_arguments()
    {
        Core.Access access = Assert.Single(Explain("sigaltstack").Accesses).Members[0].Access;
        Assert.Equal(["/usr/bin/tail", "/srv/scan"], access.Chain.Select(process => process.Program));
        Assert.Equal("tail|-n|1|/var/log/auth.log", access.Chain[0].Arguments.Words());

        // A recording that is another one now shows nothing.
        File.AppendAllText(_recording, "x\n");
        Explanation without = Explain("sigaltstack");
        Assert.Empty(without.Accesses);
        Assert.Equal("system call sigaltstack: made 1 time", without.Notes[0].Text);
        Assert.StartsWith("the line of its first call is not shown", without.Notes[1].Text, StringComparison.Ordinal);
    }

    /// <summary>What stands in an output can be asked for as it stands there.</summary>
    [Theory]
    [InlineData("policy", 8)]
    [InlineData("seccomp", 20)]
    [InlineData("systemd", 25)]
    [InlineData("apparmor", 12)]
    [InlineData("landlock", 6)]
    [InlineData("bwrap", 3)]
    [InlineData("firejail", 20)]
    [InlineData("sudoers", 1)]
    [InlineData("doas", 1)]
    [InlineData("docker", 8)]
    [InlineData("podman", 8)]
    [InlineData("kubernetes", 6)]
    public void Every_rule_of_an_output_is_answered(string target, int least)
    {
        foreach (bool direct in (bool[])[false, true])
        {
            string text = Exporters.All(Host).Single(exporter => exporter.Name == target)
                .Write(_profile, new ExportOptions { Direct = direct, Base = "runc", User = target is "sudoers" or "doas" ? "scanner" : "USER" });
            List<string> rules = [.. RulesOf(target, text)];
            Assert.True(rules.Count >= least, $"{rules.Count} rules were found in\n{text}");
            Assert.All(rules, rule => Assert.False(Explain(rule).IsEmpty, $"nothing answers {rule}"));
        }
    }

    private static IEnumerable<string> RulesOf(string target, string text)
    {
        if (target == "seccomp")
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return [.. json.RootElement.GetProperty("syscalls").EnumerateArray().SelectMany(group => group.GetProperty("names").EnumerateArray()).Select(name => name.GetString()!)];
        }

        string pattern = target switch
        {
            "policy" => "(?m)(?:^  |[[ ])\"([^\"]+)\"(?=[,\\]])",
            "systemd" => "(?m)^(?:CapabilityBoundingSet|RestrictAddressFamilies|SystemCallFilter|IPAddressAllow|ReadWritePaths|BindPaths|BindReadOnlyPaths)=-?(.+)$",
            "apparmor" => "(?m)^  (?:capability |network |\")([^\",]+)",
            "landlock" => "(?m)^  --(?:ro|rox|rw|connect-tcp|bind-tcp) '?((?!/usr --|/dev/null --)[^\\s']+)",
            "bwrap" => "(?m)^  --(?:ro-)?bind '([^']+)'",
            "firejail" => "(?m)^(?:caps\\.keep|protocol|seccomp\\.keep|read-write) (.+)$",
            "sudoers" => "(?m)^scanner .*NOPASSWD: (?:sha\\S+ )?(.+)$",
            "doas" => "(?m)^permit .* cmd \"?([^\\s\"]+)",
            "docker" or "podman" => "(?m)^  --(?:cap-add=|publish=\\S+:|mount='?type=bind,\"src=)([^\\s\",']+)",
            _ => "(?m)(?:add: \\[|cidr: \"|port: |mountPath: \"(?!/tmp))([^\\]\"\\n]+)",
        };
        char[] separators = target switch { "systemd" => [' '], "firejail" => [','], "kubernetes" => [',', ' '], _ => [] };
        return Regex.Matches(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(10)).Select(match => match.Groups[1].Value)
            .SelectMany(value => separators.Length == 0 ? [value] : value.Split(separators, StringSplitOptions.RemoveEmptyEntries));
    }

    private Explanation Explain(string wanted) => Explainer.Of(_profile, Host, wanted);
}
