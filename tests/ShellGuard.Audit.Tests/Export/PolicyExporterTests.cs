using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>The policy that is derived: nothing beyond what succeeded, evidence at each rule, and valid.</summary>
public sealed class PolicyExporterTests
{
    private const string Shell = "10 execve(\"/bin/sh\", [\"sh\", \"scan\"], 0x7ffe /* 3 vars */) = 0";

    [Fact]
    public void What_succeeded_is_granted_and_what_was_looked_for_or_denied_is_not()
    {
        string text = Learn(
            new FakeHost("/etc/hosts", "/srv/in/data", "/etc/later", "/etc/secret"),
            Shell, AuditSample.Opened("/etc/hosts"), AuditSample.Opened("/srv/in/data"),
            "10 openat(AT_FDCWD, \"/etc/later\", O_RDONLY) = -1 ENOENT (No such file or directory)",
            "10 openat(AT_FDCWD, \"/etc/secret\", O_RDONLY) = -1 EACCES (Permission denied)");
        EffectivePolicy policy = Policy(text);
        Assert.Equal(["/etc/hosts", "/srv/in/data"], policy.Paths.Select(rule => rule.Path));
        Assert.All(policy.Paths, rule => Assert.Equal(PathMode.ReadOnly, rule.Mode));
        Assert.Contains("  # read by sh, 1×, first -:2\n  \"/etc/hosts\",\n", text, StringComparison.Ordinal);
        Assert.Contains("#   read /etc/secret: denied (EACCES)", text, StringComparison.Ordinal);
        Assert.Contains("never granted: 1 names", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_go_to_a_layer_or_directly_and_never_directly_to_what_the_host_runs()
    {
        FakeHost host = new FakeHost("/srv/out/report", "/etc/cron.d/x").Directory("/srv/out");
        string[] log = [Shell, AuditSample.Written("/srv/out/report"), AuditSample.Written("/etc/cron.d/job")];
        Assert.Equal(
            [("/etc/cron.d", PathMode.CopyOnWrite), ("/srv/out", PathMode.CopyOnWrite)],
            Policy(Learn(host, log)).Paths.Select(rule => (rule.Path, rule.Mode)));
        Assert.Equal(
            [("/etc/cron.d", PathMode.CopyOnWrite), ("/srv/out", PathMode.Direct)],
            Policy(Learn(host, direct: true, log)).Paths.Select(rule => (rule.Path, rule.Mode)).Order());
    }

    [Fact]
    public void A_tree_with_credentials_is_never_shown()
    {
        FakeHost host = new FakeHost("/root/.ssh/id_rsa", "/etc/shadow", "/etc/x.conf").Directory("/root").Directory("/etc");
        string text = Learn(
            host, Shell, "10 openat(AT_FDCWD, \"/root\", O_RDONLY|O_DIRECTORY) = 3", "10 openat(AT_FDCWD, \"/etc\", O_RDONLY|O_DIRECTORY) = 3",
            AuditSample.Opened("/etc/shadow"), AuditSample.Written("/etc/x.conf"));
        EffectivePolicy policy = Policy(text);
        Assert.DoesNotContain(policy.Paths, rule => rule.Path == "/root");
        Assert.Contains("list /root: credentials lie in the directory", text, StringComparison.Ordinal);
        Assert.Equal(PathMode.CopyOnWrite, PathDecision.Of(policy.Paths, "/etc/x.conf").Mode);
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Paths, "/etc/gshadow").Mode);
        Assert.Equal(PathMode.Hidden, PathDecision.Of(policy.Paths, "/etc/ssl/private/key").Mode);
        Assert.Equal(PathMode.ReadOnly, PathDecision.Of(policy.Paths, "/etc/shadow").Mode);
    }

    [Fact]
    public void A_socket_that_leads_out_is_left_out_with_the_reason()
    {
        string text = Learn(
            new FakeHost("/run/docker.sock", "/run/app.sock"), Shell,
            "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/docker.sock\"}, 110) = 0",
            "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/app.sock\"}, 110) = 0");
        Assert.Equal(["/run/app.sock"], Policy(text).Paths.Select(rule => rule.Path));
        Assert.Contains("connect /run/docker.sock: whoever talks to it starts containers", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_such_sockets_is_left_out_too()
    {
        string text = Learn(
            new FakeHost().Directory("/tmp/tmux-0").Directory("/tmp/parts"), Shell,
            "10 openat(AT_FDCWD, \"/tmp/tmux-0\", O_RDONLY|O_DIRECTORY) = 3", "10 openat(AT_FDCWD, \"/tmp/parts\", O_RDONLY|O_DIRECTORY) = 3");
        Assert.Equal(["/tmp/parts"], Policy(text).Paths.Select(rule => rule.Path));
        Assert.Contains("list /tmp/tmux-0: services behind it start programs outside", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_container_without_its_root_the_policy_says_first_whose_files_were_judged()
    {
        FakeHost host = new("/etc/hosts"), own = new("/etc/hosts") { IsOfContainer = true };
        ImportResult result = AuditSample.Of(Shell, AuditSample.Opened("/etc/hosts")).Result;
        string Write(ImportResult audit, FakeHost files) =>
            new PolicyExporter(files).Write(ProfileBuilder.Build(audit, new GeneralOptions(), files), new ExportOptions());
        string warned = Write(result with { IsOfContainer = true }, host);
        Assert.Contains("the paths are a container's", warned, StringComparison.Ordinal);
        Assert.InRange(warned.IndexOf("--root DIR", StringComparison.Ordinal), 0, warned.IndexOf("[files]", StringComparison.Ordinal));
        Assert.DoesNotContain("the paths are a container's", Write(result with { IsOfContainer = true }, own), StringComparison.Ordinal);
        Assert.DoesNotContain("the paths are a container's", Write(result, host), StringComparison.Ordinal);
    }

    [Fact]
    public void Endpoints_are_granted_by_the_name_in_the_arguments_where_there_is_one()
    {
        string text = Learn(
            new FakeHost(),
            "10 execve(\"/usr/bin/curl\", [\"curl\", \"https://u:p@Files.example.org/x?y\"], 0x7ffe /* 3 vars */) = 0",
            "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5",
            "10 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr(\"198.51.100.7\")}, 16) = -1 EINPROGRESS (Operation now in progress)",
            "10 execve(\"/usr/bin/nc\", [\"nc\", \"x\"], 0x7ffe /* 3 vars */) = 0",
            "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 5",
            "10 connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"198.51.100.8\")}, 16) = 0",
            "10 connect(5, {sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr(\"198.51.100.8\")}, 16) = -1 ECONNREFUSED (Connection refused)");
        EffectivePolicy policy = Policy(text);
        Assert.True(policy.TryExplainEndpoint("files.example.org:443", out var name, out _) && name.Decision == Decision.Allow);
        Assert.True(policy.TryExplainEndpoint("198.51.100.8:80", out var address, out _) && address.Decision == Decision.Allow);
        Assert.True(policy.TryExplainEndpoint("198.51.100.8:81", out var refused, out _) && refused.Decision == Decision.Deny);
    }

    [Fact]
    public void Rules_say_in_how_many_runs_they_were_seen()
    {
        var one = AuditSample.Of(Shell, AuditSample.Opened("/srv/a"), AuditSample.Opened("/srv/b"));
        var two = AuditSample.Of(Shell, AuditSample.Opened("/srv/a"));
        var merged = ShellGuard.Audit.Reports.AuditMerge.Of([new ShellGuard.Audit.Reports.NamedAudit("one", one), new ShellGuard.Audit.Reports.NamedAudit("two", two)]);
        FakeHost host = new("/srv/a", "/srv/b");
        string text = new PolicyExporter(host).Write(ProfileBuilder.Build(merged, new GeneralOptions(), host), new ExportOptions());
        Assert.Contains("in 2 of 2 runs, first -:2\n  \"/srv/a\"", text, StringComparison.Ordinal);
        Assert.Contains("in 1 of 2 runs (once: may differ), first -:3\n  \"/srv/b\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_names()
    {
        string[] names = ["/srv/a\\\"\\n[network]\\nallow=[\\\"*:*\\\"]", "/srv/*", "/srv/[x]", "/srv/\\33[2J", "/srv/\\377", "/srv/a b#c", "/srv/\\\\u0041"];
        FakeHost host = new("/srv/*", "/srv/[x]", "/srv/a b#c", "/srv/\\u0041", "/srv/a\"\n[network]\nallow=[\"*:*\"]", "/srv/\u001b[2J", "/srv/\udcff");
        string text = Learn(host, [Shell, .. names.Select(AuditSample.Opened)]);
        EffectivePolicy policy = Policy(text);
        Assert.Equal(["/srv/*", "/srv/[x]", "/srv/\\u0041", "/srv/a b#c"], policy.Paths.Select(rule => rule.Path).Order(StringComparer.Ordinal));
        Assert.All(policy.Paths, rule => Assert.False(rule.IsGlob));
        Assert.True(policy.TryExplainEndpoint("example.org:443", out var verdict, out _) && verdict.Decision == Decision.Deny);
        Assert.DoesNotContain(text, letter => char.IsControl(letter) && letter != '\n');
    }

    private static string Learn(FakeHost host, params string[] log) => Learn(host, direct: false, log);

    private static string Learn(FakeHost host, bool direct, params string[] log) => new PolicyExporter(host).Write(
        ProfileBuilder.Build(AuditSample.Of(log).Result, new GeneralOptions(), host), new ExportOptions { Direct = direct });

    private static EffectivePolicy Policy(string text)
    {
        (PolicyResult result, IReadOnlyList<Diagnostic> findings) =
            LearntPolicy.Check(text, "./learnt.toml", new PolicyContext("/home/x", "/work", "x", 1000));
        Assert.DoesNotContain(findings, finding => finding.Severity == Severity.Error);
        return result.Policy!;
    }
}
