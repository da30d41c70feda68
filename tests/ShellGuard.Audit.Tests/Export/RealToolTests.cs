using System.Diagnostics;
using System.Text.Json.Nodes;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>What is exported is taken by the tools that it is for, of a real recording and of a hostile one.</summary>
public sealed class RealToolTests : IDisposable
{
    /// <summary>Names that would end a word, a line, a string or a comment in some language.</summary>
    internal static readonly string[] Hostile =
    [
        "10 execve(\"/bin/sh\", [\"sh\", \"-c\", \"a b'c\\\"d\\n$HOME %n \\\\ # ; `x` \\33[2J\", \"[s]h*\", \"-\\377\\n\\n\", \"\\303\\244\", \"\", \"e\"], 0x7ffe /* 3 vars */) = 0", "10 geteuid() = 0", "10 fork() = 11",
        "11 execve(\"/usr/bin/wc\", [\"wc\", \"-c\", \"/etc/shadow\", \"a,b:c=d\\\\e*?[x]!\\\"\", \"\"], 0x7ffe /* 1 var */) = 0",
        "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3", "10 setuid(33) = 0",
        .. ((string[])["a b", "q\\\"q", "s's", "n\\nn", "x\\33[2J", "\\377", "*", "{a,b}", "[x]", "@{HOME}", "$(id)", "%n", "a,b", "#x", "\\\\", "\\303\\244"])
            .SelectMany(name => (string[])[$"10 openat(AT_FDCWD, \"/srv/{name}\", O_RDONLY) = 3", $"10 openat(AT_FDCWD, \"/srv/w{name}/f\", O_WRONLY|O_CREAT, 0644) = 3"]),
        "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5",
        "10 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"198.51.100.7\")}, 16) = 0",
        "10 connect(5, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id=0}, 28) = 0",
        "10 bind(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0",
    ];

    private static readonly Lazy<ImportResult> Real = new(Record);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sg-export-");

    public static TheoryData<bool> Both => [true, false];

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory, MemberData(nameof(Both))]
    public void Systemd_takes_the_service(bool hostile) =>
        Accepted("systemd-analyze", "verify", Write("systemd", hostile, "confined.service"));

    [Theory, MemberData(nameof(Both))]
    public void AppArmor_compiles_the_profile(bool hostile) =>
        Accepted("apparmor_parser", "-Q", "-K", Write("apparmor", hostile, "profile"));

    [Theory, MemberData(nameof(Both))]
    public void Sudo_takes_the_lines(bool hostile) => Accepted("visudo", "-c", "-f", Write("sudoers", hostile, "sudoers"));

    [Fact]
    public void Sudo_holds_a_pattern_that_matches_these_arguments_and_no_others()
    {
        List<string> words = [];
        for (char letter = '!'; letter <= '~'; letter++)
        {
            words.AddRange([letter.ToString(), $"a{letter}b", $"{letter}{letter}x", $"{letter} c"]);
        }

        words.Add("a\\*b");
        string argv = string.Join(", ", words.Select(word => $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));
        string file = Path.Combine(_directory.FullName, "sudoers");
        File.WriteAllText(file, new SudoersExporter().Write(
            Profile(Recording.Of(
                "10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 3 vars */) = 0", "10 geteuid() = 0", "10 fork() = 11",
                $"11 execve(\"/usr/bin/wc\", [\"wc\", {argv}], 0x7ffe /* 1 var */) = 0", "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3")),
            new ExportOptions { User = "daemon" }));
        Accepted("visudo", "-c", "-f", file);
        string? held = null;
        foreach (JsonNode? spec in JsonNode.Parse(Accepted("cvtsudoers", "-f", "json", file))!["User_Specs"]!.AsArray())
        {
            held = (string?)spec!["Cmnd_Specs"]![0]!["Commands"]![0]!["command"];
        }

        // Patterns of bash are those of fnmatch(3) but for its extensions, which are off.
        string seen = string.Join(' ', words), other = seen.Replace("a\\*b", "a\\ /etc/shadow b", StringComparison.Ordinal);
        const string Match = "shopt -u extglob; [[ $2 == $1 ]] && echo same";
        Assert.Equal("same\n", Accepted("bash", "-c", Match, "-", held!, $"/usr/bin/wc {seen}"));
        Assert.Equal(1, Run("/", "bash", "-c", Match, "-", held!, $"/usr/bin/wc {other}").Status);
    }

    [Theory, MemberData(nameof(Both))]
    public void Doas_takes_the_lines(bool hostile) => Accepted("doas", "-C", Write("doas", hostile, "doas.conf"));

    [Theory]
    [InlineData("bwrap")]
    [InlineData("landlock")]
    [InlineData("docker")]
    [InlineData("podman")]
    public void The_shell_takes_the_script_and_hostile_words_stay_words(string target)
    {
        string script = Write(target, hostile: true, "script");
        Accepted("sh", "-n", script);

        // The words, as the shell hands them over: one each, whatever is in them.
        string list = File.ReadAllText(script).Replace("\nexec ", "\nIMAGE=i; printf '%s\\000' ", StringComparison.Ordinal);
        File.WriteAllText(script, $"{list.TrimEnd('\n')} | od -An -v -tx1\n");
        File.WriteAllText(Path.Combine(_directory.FullName, "sh"), "");
        (int status, string output) = Run(_directory.FullName, "dash", script);
        Assert.True(status == 0, output);
        byte[] words = Convert.FromHexString(string.Concat(output.Where(char.IsAsciiHexDigit)));
        byte[] command = [.. "sh\0-c\0a b'c\"d\n$HOME %n \\ # ; `x` \u001b[2J\0[s]h*\0-"u8, 0xff, .. "\n\n\0ä\0\0e\0"u8];
        Assert.Equal(command, words[^command.Length..]);
    }

    [Fact]
    public void Bubblewrap_runs_the_command_with_what_it_needs() =>
        Assert.Equal(File.ReadAllText("/etc/hostname"), Accepted("sh", Write("bwrap", hostile: false, "script")));

    [Fact]
    public void Firejail_runs_the_command_under_the_profile() => Assert.Equal(
        File.ReadAllText("/etc/hostname"), Accepted("firejail", "--quiet", $"--profile={Write("firejail", hostile: false, "x.profile")}", "/bin/cat", "/etc/hostname"));

    [Fact]
    public void Firejail_lets_change_what_was_changed_and_nothing_beside_it()
    {
        string place = $"/srv/sg-test-{Environment.ProcessId}", profile = Path.Combine(_directory.FullName, "w.profile");
        Directory.CreateDirectory($"{place}/in");
        try
        {
            File.WriteAllText(profile, Exporters.All(new HostLook()).Single(exporter => exporter.Name == "firejail").Write(
                Profile(Recording.Of("10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 3 vars */) = 0", AuditSample.Written($"{place}/in/x"))), new ExportOptions()));
            Accepted("firejail", "--quiet", $"--profile={profile}", "/bin/sh", "-c", $"echo y > {place}/in/x && ! touch {place}/z 2>/dev/null");
            Assert.Equal("y\n", File.ReadAllText($"{place}/in/x"));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    [Fact]
    public void Firejail_takes_hostile_names() =>
        Accepted("firejail", "--quiet", $"--profile={Write("firejail", hostile: true, "x.profile")}", "/bin/true");

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public void The_runtime_runs_the_command_under_the_filter_and_refuses_what_was_not_seen(string runtime)
    {
        string bundle = Path.Combine(_directory.FullName, "bundle"), root = Path.Combine(bundle, "rootfs");
        foreach (string name in (string[])["usr", "etc", "proc", "dev"])
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        foreach (string name in (string[])["bin", "lib", "lib64"])
        {
            File.CreateSymbolicLink(Path.Combine(root, name), $"usr/{name}");
        }

        File.WriteAllText(Path.Combine(bundle, "config.json"), $$$"""
            {"ociVersion":"1.0.2","process":{"terminal":false,"user":{"uid":0,"gid":0},"cwd":"/","noNewPrivileges":true,"capabilities":{},
             "env":["PATH=/usr/bin"],"args":["/bin/sh","-c","cat /etc/hostname; mkdir /etc/x 2>&1"]},"root":{"path":"rootfs"},
             "mounts":[{"destination":"/proc","type":"proc","source":"proc"},{"destination":"/usr","type":"bind","source":"/usr","options":["rbind","ro"]},
              {"destination":"/etc","type":"bind","source":"/etc","options":["rbind","ro"]}],
             "linux":{"namespaces":[{"type":"mount"},{"type":"pid"},{"type":"ipc"},{"type":"uts"}],"seccomp":{{{Text("seccomp", hostile: false, runtime)}}}}}
            """);

        // crun does not know the mixture of both cgroup trees: it gets the new one, in a mount namespace of its own.
        (int status, string output) = Run(
            bundle, "unshare", "-m", "sh", "-c",
            "if [ \"$1\" = crun ] && [ -d /sys/fs/cgroup/unified ]; then mount --rbind /sys/fs/cgroup/unified /sys/fs/cgroup || exit 99; fi; exec \"$@\"", "sh",
            runtime, "--root", Path.Combine(bundle, "state"), "run", $"sg-test-{Environment.ProcessId}");
        Assert.Equal($"{File.ReadAllText("/etc/hostname")}mkdir: cannot create directory '/etc/x': Operation not permitted\n", output);
        Assert.Equal(1, status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("runc")]
    [InlineData("crun")]
    public void A_filter_never_has_an_empty_list_of_names(string? runtime)
    {
        foreach (ImportResult result in (ImportResult[])[Real.Value, Recording.Of(Hostile), Recording.Of(AuditSample.Opened("/a")) with { SystemCalls = [] }])
        {
            JsonNode filter = JsonNode.Parse(new SeccompExporter().Write(Profile(result), new ExportOptions { Base = runtime }))!;
            Assert.All(filter["syscalls"]!.AsArray(), group => Assert.NotEmpty(group!["names"]!.AsArray()));
            Assert.Equal(ReferenceEquals(result, Real.Value) ? "SCMP_ACT_ERRNO" : "SCMP_ACT_LOG", (string?)filter["defaultAction"]);
        }
    }

    [Fact]
    public void Every_target_says_what_it_cannot_express_and_lets_nothing_out_of_its_comments()
    {
        AccessProfile profile = Profile(Recording.Of(Hostile));
        foreach (IExporter exporter in Exporters.All(new HostLook()))
        {
            string text = exporter.Write(profile, new ExportOptions());
            Assert.True(
                text.Contains("cannot", StringComparison.Ordinal) || text.Contains("cannot be said here", StringComparison.Ordinal) || exporter.Name == "policy",
                exporter.Name);
            Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n');
        }
    }

    private static ImportResult Record()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sg-record-");
        try
        {
            string log = Path.Combine(directory.FullName, "log");
            (int status, string output) = Run("/", "strace", "-f", "-yy", "-s", "65535", "-o", log, "/bin/sh", "-c", "cat /etc/hostname; ls /etc/dpkg >/dev/null");
            Assert.True(status == 0, output);
            return Importer.Run(new ImportOptions([log]), CancellationToken.None);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static AccessProfile Profile(ImportResult result) => ProfileBuilder.Build(result, new GeneralOptions(), new HostLook());

    private static string Text(string target, bool hostile, string? runtime = null) => Exporters.All(new HostLook()).Single(exporter => exporter.Name == target)
        .Write(Profile(hostile ? Recording.Of(Hostile) : Real.Value), new ExportOptions { Base = runtime, User = "daemon" });

    private string Write(string target, bool hostile, string name)
    {
        string path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, Text(target, hostile));
        return path;
    }

    private static string Accepted(params string[] command)
    {
        (int status, string output) = Run("/", command);
        Assert.True(status == 0, output);
        return output;
    }

    private static (int Status, string Output) Run(string directory, params string[] command)
    {
        ProcessStartInfo start = new("timeout", ["60", .. command])
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
    }
}
