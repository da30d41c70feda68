using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;

namespace ShellGuard.Audit.Tests.Profiles;

/// <summary>Which names count as one, by which rule, and which never do.</summary>
public sealed class GeneraliserTests
{
    private static readonly Packages Debian = new(
        ("/usr/share/perl", "perl", "/usr/share/perl"), ("/usr/share/foo/a.xml", "foo", "/usr/share/foo"),
        ("/usr/share/foo", "foo", "/usr/share/foo"), ("/usr/bin/foo", "foo", null), ("/etc/foo/foo.conf", "foo", "/etc/foo"));

    [Theory]
    [InlineData("/tmp/lynis.aB3dE5fG7h", "/tmp/lynis.*", "temporary-name")]
    [InlineData("/tmp/tmp.aB3dE5fG7h/out", "/tmp/tmp.*/out", "temporary-name")]
    [InlineData("/tmp/tmpk3j9x2ab", "/tmp/tmp*", "temporary-name")]
    [InlineData("/tmp/ccabcdef.o", "/tmp/cc*.o", "temporary-name")]
    [InlineData("/var/tmp/etilqs_3f9a2b7c", "/var/tmp/*", "temporary-name")]
    [InlineData("/tmp/x[1].k3J9x2", "/tmp/x[[]1].*", "temporary-name")]
    [InlineData("/tmp/#1234 (deleted)", "/tmp/[#]*", "temporary-name")]
    [InlineData("/tmp/sh-thd.1747382910", "/tmp/sh-thd.*", "temporary-name")]
    [InlineData("/proc/4711/task/4712/status", "/proc/*/task/*/status", "process-directory")]
    [InlineData("/proc/self/fd/3", "/proc/self/fd/*", "process-directory")]
    [InlineData("/run/user/1000/bus", "/run/user/*/bus", "numbered-place")]
    [InlineData("/dev/pts/3", "/dev/pts/*", "numbered-place")]
    [InlineData("/opt/lib/libssl.so.3.0.1", "/opt/lib/libssl.so.*", "versioned-library")]
    [InlineData("/usr/share/locale/de/LC_MESSAGES/x.mo", "/usr/share/locale/**", "data-tree")]
    [InlineData("/usr/share/locale", "/usr/share/locale/**", "data-tree")]
    [InlineData("/usr/lib/python3/dist-packages/apt/cache.py", "/usr/lib/python3/dist-packages/**", "data-tree")]
    [InlineData("/usr/share/foo/a.xml", "/usr/share/foo/**", "package-tree")]
    public void A_name_stands_for_others_by_a_rule(string path, string pattern, string rule)
    {
        GeneralAccess access = Assert.Single(Read(path).Accesses);
        Assert.Equal(pattern, access.Target);
        Assert.Equal(rule, Assert.Single(access.Rules).Name);
        Assert.NotEmpty(access.Rules[0].Reason);
        Assert.True(ShellGuard.Policy.Model.Glob.TryParse(access.Target, out var glob, out _) && glob.IsMatch(path));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/tmp/config")]
    [InlineData("/tmp/build/Makefile")]
    [InlineData("/tmp/report2024")]
    [InlineData("/srv/backup.aB3dE5fG7h")]
    [InlineData("/proc/cpuinfo")]
    [InlineData("/proc/sys/kernel/pid_max")]
    [InlineData("/usr/lib/libfoo.so")]
    [InlineData("/etc/foo/foo.conf")]
    [InlineData("/home/x/site-packages/secret.py")]
    [InlineData("/usr/bin/foo")]
    public void Other_names_stay_as_they_are(string path) => Assert.Equal(path, Assert.Single(Read(path).Accesses).Target);

    /// <summary>The process of these has the number 10.</summary>
    [Theory]
    [InlineData("/srv/db/init.10", "/srv/db/init.*")]
    [InlineData("/srv/db/10.lock", "/srv/db/*.lock")]
    [InlineData("/srv/db/init.11", "/srv/db/init.11")]
    [InlineData("/srv/db/v10", "/srv/db/v10")]
    [InlineData("/srv/db/10", "/srv/db/10")]
    [InlineData("/srv/10.d/x", "/srv/10.d/x")]
    public void A_name_with_the_number_of_a_process_stands_for_others_where_the_command_made_it(string path, string expected)
    {
        Assert.All(Of(AuditLines(Operation.Create, path)).Accesses, access => Assert.Equal(expected, access.Target));
        Assert.Equal(path, Read(path).Accesses[0].Target);
    }

    [Fact]
    public void Outside_of_temporary_directories_only_what_the_command_made_is_temporary()
    {
        Generalised made = Of(AuditLines(Operation.Create, "/var/lib/x/db.k3J9x2"));
        Assert.All(made.Accesses, access => Assert.Equal("/var/lib/x/db.*", access.Target));
        Assert.Equal("/var/lib/x/db.k3J9x2", Read("/var/lib/x/db.k3J9x2").Accesses[0].Target);
    }

    [Theory]
    [InlineData("/srv/app/sedTS7WYE", "/srv/app/sed??????")]
    [InlineData("/srv/app/sedations7", "/srv/app/sedations7")]
    [InlineData("/etc/sedTS7WYE", "/etc/sedTS7WYE")]
    public void What_sed_makes_beside_a_file_has_another_name_each_time(string path, string shown) =>
        Assert.All(Of(AuditLines(Operation.Create, path)).Accesses, access => Assert.Equal(shown, access.Target));

    [Theory]
    [InlineData("/etc/MyTool")]
    [InlineData("/root/MyTool.conf")]
    [InlineData("/usr/local/bin/RunMeNow")]
    [InlineData("/srv/app/MyTool2.conf")]
    [InlineData("/srv/app/k3J9x2")]
    [InlineData("/srv/app/.k3J9x2")]
    [InlineData("/etc/foo.k3J9x2")]
    [InlineData("/opt/x/foo.k3J9x2")]
    [InlineData("/etc/cron.d/job.10")]
    [InlineData("/root/x.k3J9x2")]
    public void What_the_command_made_elsewhere_is_its_name(string path) =>
        Assert.All(Of(AuditLines(Operation.Create, path)).Accesses, access => Assert.Equal(path, access.Target));

    [Fact]
    public void Nothing_executed_is_a_pattern_and_no_change_reaches_it()
    {
        Generalised all = Of(
            Reports.AuditSample.Written("/tmp/x.aB3dE5fG7h"), Reports.AuditSample.Executed("/tmp/x.aB3dE5fG7h"), Reports.AuditSample.Written("/tmp/x.bB3dE5fG7h"));
        Assert.All(all.Accesses, access => Assert.False(access.IsPattern));
    }

    [Fact]
    public void From_the_threshold_on_the_directory_is_meant()
    {
        string[] files = [.. Enumerable.Range(0, 20).Select(number => $"/srv/data/f{number}")];
        Generalised all = Read(files);
        GeneralAccess access = Assert.Single(all.Accesses);
        Assert.Equal(("/srv/data/*", 20, 20L), (access.Target, access.Names, access.Count));
        Assert.Equal(20, all.Before);
        RuleUse use = Assert.Single(all.Uses);
        Assert.Equal(("many-files", 20, 1), (use.Rule.Name, use.Names, use.Patterns));
        Assert.Equal(20, Read(new GeneralOptions { Threshold = 21 }, files).Accesses.Count);
        Assert.Equal(20, Read(new GeneralOptions { Threshold = 0 }, files).Accesses.Count);
        Assert.Equal(20, Read(new GeneralOptions { IsExact = true }, files).Accesses.Count);
    }

    [Theory]
    [InlineData("/etc", "")]
    [InlineData("/etc/ssh", "")]
    [InlineData("/home/anna", "")]
    [InlineData("/home/anna/.ssh", "")]
    [InlineData("/root/.aws", "")]
    [InlineData("/etc/wireguard", "")]
    [InlineData("", "")]
    [InlineData("/etc/ssl/private", ".key")]
    public void A_directory_with_secrets_is_never_meant(string directory, string suffix)
    {
        Generalised all = Read([.. Enumerable.Range(0, 40).Select(number => $"{directory}/f{number}{suffix}")]);
        Assert.Equal(40, all.Accesses.Count);
        Assert.All(all.Accesses, access => Assert.False(access.IsPattern));
    }

    [Fact]
    public void A_secret_with_a_name_like_a_temporary_one_stays() =>
        Assert.Equal("/root/.ssh/id_k3J9x2", Assert.Single(Of(AuditLines(Operation.Create, "/root/.ssh/id_k3J9x2")).Accesses, access => access.Operation == Operation.Create).Target);

    [Fact]
    public void Changes_never_reach_what_the_command_executes()
    {
        string[] writes = [.. Enumerable.Range(0, 40).Select(number => Reports.AuditSample.Written($"/srv/app/f{number}"))];
        Assert.Contains(Of(writes).Accesses, access => access.Target == "/srv/app/*");
        Generalised executing = Of([Reports.AuditSample.Executed("/srv/app/bin/tool"), .. writes]);
        Assert.DoesNotContain(executing.Accesses, access => access.IsPattern);

        string[] cron = [.. Enumerable.Range(0, 40).Select(number => Reports.AuditSample.Written($"/etc/cron.d/f{number}"))];
        Assert.DoesNotContain(Of(cron).Accesses, access => access.IsPattern);
    }

    [Fact]
    public void Executions_are_never_put_together_by_number()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(number => Reports.AuditSample.Executed($"/srv/app/f{number}"))];
        Assert.Equal(40, Of(lines).Accesses.Count);
    }

    [Fact]
    public void Success_probe_and_denial_stay_apart()
    {
        Generalised all = Of(
            Reports.AuditSample.Opened("/tmp/a.k3J9x2"), Reports.AuditSample.Opened("/tmp/a.k3J9x3"),
            "10 openat(AT_FDCWD, \"/tmp/a.k3J9x4\", O_RDONLY) = -1 ENOENT (No such file or directory)",
            "10 openat(AT_FDCWD, \"/tmp/a.k3J9x5\", O_RDONLY) = -1 EACCES (Permission denied)");
        Assert.Equal(
            [("/tmp/a.*", OutcomeKind.Success, 2L), ("/tmp/a.*", OutcomeKind.Absent, 1L), ("/tmp/a.*", OutcomeKind.Denied, 1L)],
            all.Accesses.Select(access => (access.Target, access.Outcome.Kind, access.Count)));
    }

    [Fact]
    public void A_port_that_the_kernel_chose_is_any()
    {
        Generalised all = Of(
            "10 socket(AF_INET, SOCK_STREAM, 0) = 3",
            "10 bind(3, {sa_family=AF_INET, sin_port=htons(45123), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0",
            "10 bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0");
        Assert.Contains(all.Accesses, access => access.Target.StartsWith("0.0.0.0:*", StringComparison.Ordinal) && access.Rules[0].Name == "ephemeral-port");
        Assert.Contains(all.Accesses, access => access.Target.StartsWith("0.0.0.0:80", StringComparison.Ordinal) && !access.IsPattern);
    }

    private static Generalised Read(params string[] paths) => Read(new GeneralOptions { Packages = Debian }, paths);

    private static Generalised Read(GeneralOptions options, params string[] paths) =>
        Generaliser.Of(Recording.Of(paths.Select(Reports.AuditSample.Opened)).Accesses, options);

    private static Generalised Of(params string[] lines) => Generaliser.Of(Recording.Of(lines).Accesses, new GeneralOptions());

    private static string[] AuditLines(Operation operation, string path) =>
        operation == Operation.Create ? [Reports.AuditSample.Written(path)] : [Reports.AuditSample.Opened(path)];

    private sealed class Packages(params (string Path, string Owner, string? Tree)[] files) : IPackageOwners
    {
        public string? OwnerOf(string path) => Array.Find(files, file => file.Path == path).Owner;

        public string? TreeOf(string path) => Array.Find(files, file => file.Path == path).Tree;
    }
}
