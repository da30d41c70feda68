using ShellGuard.Audit.Export;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>What no export gives, whatever a recording says.</summary>
public sealed class ExportBoundsTests
{
    private static readonly string[] Views = ["bwrap", "landlock", "docker", "podman", "systemd", "firejail", "kubernetes"];

    [Theory]
    [InlineData("fe80::1%eth0\\nExecStartPre=+sh -c id")]
    [InlineData("fe80::1%25eth0")]
    [InlineData("::1 x")]
    public void An_address_is_an_address(string address)
    {
        string log = $"connect(3<TCPv6:[1]>, {{sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, \"{address}\", &sin6_addr)}}, 28) = 0";
        Assert.DoesNotContain(Recording.Of("10 " + log).Accesses, seen => seen.Access.Target.Contains(address[^3..], StringComparison.Ordinal));
    }

    /// <summary>A file of an audit may say what no log would.</summary>
    [Fact]
    public void A_scope_that_an_audit_has_is_dropped_and_a_protocol_that_is_none_refused()
    {
        var result = Recording.Of("10 connect(3<TCPv6:[1]>, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, \"fe80::1\", &sin6_addr)}, 28) = 0");
        foreach (string target in (string[])["[fe80::1%eth0\nExecStartPre=+id]:443/tcp", "[fe80::1]:443/tcp\nExecStartPre=+id"])
        {
            var changed = result with { Accesses = [.. result.Accesses.Select(seen => seen with { Access = seen.Access with { Target = target } })] };
            foreach (IExporter exporter in Exporters.All(new FakeHost()))
            {
                string text = exporter.Write(ProfileBuilder.Build(changed, new GeneralOptions(), new FakeHost()), new ExportOptions());
                Assert.DoesNotContain(text.Split('\n'), line => line.StartsWith("ExecStartPre", StringComparison.Ordinal) || (!line.StartsWith('#') && line.Contains('%')));
            }
        }
    }

    [Theory]
    [InlineData("/root/out.txt", "the host runs something")]
    [InlineData("/home/anna/out.txt", "the host runs something")]
    [InlineData("/root/.config/x", "the host runs something")]
    [InlineData("/home/x", "the host runs something")]
    public void A_home_is_never_given_for_a_file_in_it(string file, string why)
    {
        FakeHost host = new FakeHost().Directory("/root/.config").Directory("/home/anna");
        foreach (string target in Views)
        {
            string directory = file[..file.LastIndexOf('/')], text = Export(target, host, AuditSample.Written(file));
            Assert.Contains(why, text, StringComparison.Ordinal);
            Assert.DoesNotContain(text.Split('\n'), line => !line.StartsWith('#') && line.Contains(directory, StringComparison.Ordinal));
        }

        string policy = new PolicyExporter(host).Write(Profile(host, AuditSample.Written(file)), new ExportOptions { Direct = true });
        Assert.DoesNotContain("\ndirect =", policy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_in_a_home_is_given()
    {
        FakeHost host = new FakeHost().Directory("/home/anna/work");
        Assert.Contains("  --bind '/home/anna/work' '/home/anna/work'", Export("bwrap", host, AuditSample.Written("/home/anna/work/out")), StringComparison.Ordinal);
        Assert.Contains("\nBindPaths=-/home/anna/work\n", Export("systemd", host, AuditSample.Written("/home/anna/work/out")), StringComparison.Ordinal);
    }

    [Fact]
    public void AppArmor_gives_no_right_for_a_look_and_none_that_leads_out()
    {
        string text = Export(
            "apparmor", new FakeHost("/etc/shadow", "/srv/x"),
            "10 newfstatat(AT_FDCWD, \"/etc/shadow\", {st_mode=S_IFREG|0640}, 0) = 0", AuditSample.Written("/etc/cron.d/x"), AuditSample.Written("/root/.bashrc"),
            AuditSample.Written("/dev/null"), AuditSample.Written("/srv/x"), "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/var/run/docker.sock\"}, 110) = 0",
            "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/srv/app.sock\"}, 110) = 0");
        string[] rules = [.. text.Split('\n').Where(line => line.StartsWith("  \"", StringComparison.Ordinal)).Select(line => line.Trim())];
        Assert.Equal(["\"/bin/sh\" ix,", "\"/dev/null\" w,", "\"/srv/app.sock\" rw,", "\"/srv/x\" w,"], rules);
        Assert.Contains("#   connecting to /var/run/docker.sock: whoever talks to it starts containers", text, StringComparison.Ordinal);
        Assert.Contains("#   writing /etc/cron.d/x: cron runs", text, StringComparison.Ordinal);
        Assert.Contains("#   writing /root/.bashrc: every shell", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_unit_binds_no_other_place_than_the_one_that_was_read()
    {
        FakeHost host = new FakeHost().Directory("/root/v:/etc").Directory("/root/d$x").Directory("/root/b\\s").Directory("/root/p%n q");
        string text = Export(
            "systemd", host, [.. ((string[])["/root/v:/etc", "/root/d$x", "/root/b\\\\s", "/root/p%n q"])
                .Select(path => $"10 openat(AT_FDCWD, \"{path}\", O_RDONLY|O_DIRECTORY) = 3")]);
        Assert.Equal(
            ["BindReadOnlyPaths=-\"/root/p%%n q\"", "BindReadOnlyPaths=-/root/d$x", "BindReadOnlyPaths=-/root/v\\:/etc"],
            text.Split('\n').Where(line => line.StartsWith("Bind", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("# Left out, because a unit has no words for the name:\n#   /root/b\\\\s\n", text, StringComparison.Ordinal);
    }

    private static AccessProfile Profile(FakeHost host, params string[] lines) =>
        ProfileBuilder.Build(Recording.Of(["10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 3 vars */) = 0", .. lines]), new GeneralOptions(), host);

    private static string Export(string target, FakeHost host, params string[] lines) =>
        Exporters.All(host).Single(exporter => exporter.Name == target).Write(Profile(host, lines), new ExportOptions());
}
