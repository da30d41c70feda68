using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Profiles;

/// <summary>What only root could have, and the ways to have it otherwise.</summary>
public sealed class PrivilegeAnalysisTests
{
    private const string Root = "10 geteuid() = 0";

    [Theory]
    [InlineData("/var/log/auth.log", 0b110_100_000u, 4u, "usermod -aG adm USER", "reads most logs of the host")]
    [InlineData("/etc/shadow", 0b110_100_000u, 42u, "usermod -aG shadow USER", "reads the password hashes of all users")]
    [InlineData("/srv/x", 0b110_100_000u, 999u, "usermod -aG docker USER", "as good as root: it starts containers with the host's root directory")]
    public void A_group_is_the_cheapest_way_and_its_cost_is_said(string path, uint mode, uint group, string command, string cost)
    {
        PrivilegeNeed need = Assert.Single(Of(new FakeHost().File(path, mode, group), Root, AuditSample.Opened(path)));
        Assert.Equal(new PrivilegeWay(PrivilegeWayKind.Group, command, cost), need.Ways[0]);
        Assert.Equal("CAP_DAC_READ_SEARCH", need.Capability);
        Assert.Equal(
            [PrivilegeWayKind.Group, PrivilegeWayKind.FileAcl, PrivilegeWayKind.Capability, PrivilegeWayKind.LeaveOut], need.Ways.Select(way => way.Kind));
        Assert.Contains($"cannot read {path}", need.Ways[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_group_there_is_an_access_control_list()
    {
        PrivilegeNeed need = Assert.Single(Of(new FakeHost().File("/srv/it's mine", 0b110_000_000), Root, AuditSample.Opened("/srv/it's mine")));
        Assert.Equal("setfacl -m u:USER:r '/srv/it'\\''s mine'", need.Ways[0].Text);
    }

    [Fact]
    public void What_stands_behind_a_closed_directory_is_one_need()
    {
        FakeHost host = new FakeHost("/root/a", "/root/b", "/root/c").Directory("/root", 0b111_000_000);
        PrivilegeNeed need = Assert.Single(Of(host, Root, AuditSample.Opened("/root/a"), AuditSample.Opened("/root/b"), AuditSample.Opened("/root/c")));
        Assert.Equal(3, need.Accesses.Count);
        Assert.Equal("setfacl -m u:USER:x /root", need.Ways[0].Text);
        Assert.EndsWith("nor 2 more", need.Ways[^1].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10 rename(\"/open/x\", \"/etc/cron.d/evil\") = 0", "/etc/cron.d lets only its owner or group make and delete names in it", "CAP_DAC_OVERRIDE")]
    [InlineData("10 renameat2(AT_FDCWD, \"/open/x\", AT_FDCWD, \"/etc/cron.d/job\", RENAME_EXCHANGE) = 0", "/etc/cron.d lets only its owner or group make and delete names in it", "CAP_DAC_OVERRIDE")]
    [InlineData("10 link(\"/etc/cron.d/job\", \"/open/y\") = 0", "only the owner, user 0, may change its mode or times, or link to it", "CAP_FOWNER")]
    public void The_second_path_counts_as_the_first_one_does(string call, string why, string capability)
    {
        FakeHost host = new FakeHost("/etc/cron.d/job").Directory("/open", 0b111_111_111).File("/open/x", 0b110_110_110);
        PrivilegeNeed need = Assert.Single(Of(host, Root, call));
        Assert.Equal((why, capability), (need.Why, need.Capability));
    }

    [Fact]
    public void Where_a_link_leads_is_what_is_read()
    {
        FakeHost host = new FakeHost().File("/open/link", 0b110_000_000).Directory("/root", 0b111_000_000).File("/root/kept", 0b110_100_100);
        PrivilegeNeed credential = Assert.Single(Of(host, Root, "10 openat(AT_FDCWD, \"/open/link\", O_RDONLY) = 3</etc/shadow>"));
        Assert.Equal("it is a credential", credential.Ways[0].Cost);
        PrivilegeNeed behind = Assert.Single(Of(host, Root, "10 openat(AT_FDCWD, \"/other\", O_RDONLY) = 3</root/kept>"));
        Assert.Equal("setfacl -m u:USER:x /root", behind.Ways[0].Text);
    }

    [Theory]
    [InlineData("10 bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0", "CAP_NET_BIND_SERVICE")]
    [InlineData("10 setuid(33) = 0", "CAP_SETUID")]
    [InlineData("10 setgid(33) = 0", "CAP_SETGID")]
    [InlineData("10 mount(\"/dev/sda\", \"/mnt\", \"ext4\", 0, NULL) = 0", "CAP_SYS_ADMIN")]
    [InlineData("10 chown(\"/srv/x\", 33, -1) = 0", "CAP_CHOWN")]
    [InlineData("10 fchown(3</srv/x>, -1, 33) = 0", "CAP_CHOWN")]
    [InlineData("10 chmod(\"/srv/theirs\", 0600) = 0", "CAP_FOWNER")]
    [InlineData("10 chroot(\"/srv\") = 0", "CAP_SYS_CHROOT")]
    [InlineData("10 reboot(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF) = 0", "CAP_SYS_BOOT")]
    [InlineData("10 finit_module(3, \"\", 0) = 0", "CAP_SYS_MODULE")]
    public void A_call_names_one_capability(string call, string capability) =>
        Assert.Equal([capability], Of(new FakeHost().File("/srv/theirs", 0b110_100_100), Root, "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3", call).Select(need => need.Capability));

    [Theory]
    [InlineData("10 openat(AT_FDCWD, \"/etc/hosts\", O_RDONLY) = 3")]
    [InlineData("10 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = -1 EACCES (Permission denied)")]
    [InlineData("10 bind(3, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr(\"0.0.0.0\")}, 16) = 0")]
    [InlineData("10 mount(\"/dev/sda\", \"/mnt\", \"ext4\", 0, NULL) = -1 EPERM (Operation not permitted)")]
    [InlineData("10 setuid(0) = 0")]
    [InlineData("10 chown(\"/etc/hosts\", 0, 0) = 0")]
    [InlineData("10 openat(AT_FDCWD, \"/tmp\", O_RDWR|O_TMPFILE, 0600) = 3")]
    [InlineData("10 unshare(CLONE_NEWUSER|CLONE_NEWNS) = 0")]
    public void What_everybody_can_do_or_what_failed_is_no_need(string call) => Assert.Empty(Of(
        new FakeHost("/etc/hosts").Directory("/tmp", 0b1_111_111_111).File("/etc/shadow", 0b110_100_000, 42), Root, "10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3", call));

    [Fact]
    public void What_an_ordinary_user_did_needs_no_root() =>
        Assert.Empty(Of(new FakeHost().File("/srv/x", 0b110_000_000), "10 geteuid() = 1000", AuditSample.Opened("/srv/x")));

    [Fact]
    public void What_the_command_made_itself_needs_nothing() => Assert.Empty(Of(
        new FakeHost().Directory("/srv/open", 0b111_111_111).File("/srv/open/made/f", 0b110_000_000), Root,
        "10 mkdir(\"/srv/open/made\", 0700) = 0", AuditSample.Written("/srv/open/made/f")));

    [Fact]
    public void Attributes_of_what_the_command_made_need_nothing_unless_it_is_given_away()
    {
        FakeHost host = new FakeHost().Directory("/srv/open", 0b111_111_111).File("/srv/open/f", 0b110_000_000);
        Assert.Empty(Of(host, Root, AuditSample.Written("/srv/open/f"), "10 chmod(\"/srv/open/f\", 0600) = 0"));
        PrivilegeNeed need = Assert.Single(Of(host, Root, AuditSample.Written("/srv/open/f"), "10 chown(\"/srv/open/f\", 33, 33) = 0"));
        Assert.Equal("CAP_CHOWN", need.Capability);
        Assert.Contains("change-attributes /srv/open/f to user 33 group 33", need.Ways[^1].Text, StringComparison.Ordinal);
    }

    /// <summary>A container's root owns the files of its image: with no capability it writes them still.</summary>
    [Fact]
    public void Root_needs_no_capability_for_what_it_owns()
    {
        FakeHost host = new FakeHost().Directory("/data", 0b111_101_101).File("/data/out", 0b110_000_000).File("/theirs", 0b100_000_000);
        IReadOnlyList<PrivilegeNeed> needs = Of(
            host, Root, AuditSample.Written("/data/out"), "10 openat(AT_FDCWD, \"/theirs\", O_WRONLY) = 3", "10 chown(\"/data/out\", 1000, -1) = 0");
        Assert.Equal(
            [("CAP_CHOWN", false), ("CAP_DAC_OVERRIDE", false), ("CAP_DAC_OVERRIDE", true)],
            needs.Select(need => (need.Capability!, need.IsOwners)).Distinct().Order());
    }

    [Fact]
    public void A_part_of_the_command_that_it_forked_is_no_helper()
    {
        PrivilegeNeed need = Assert.Single(Of(
            new FakeHost().File("/etc/shadow", 0b110_000_000), "10 execve(\"/bin/sh\", [\"sh\", \"scan\"], 0x7ffe /* 1 var */) = 0", Root, "10 fork() = 11",
            "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3"));
        Assert.DoesNotContain(need.Ways, way => way.Kind == PrivilegeWayKind.HelperCommand);
    }

    [Fact]
    public void One_helper_with_fixed_arguments_can_have_root_alone()
    {
        PrivilegeNeed need = Assert.Single(Of(
            new FakeHost().File("/etc/shadow", 0b110_000_000), "10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0", Root, "10 fork() = 11",
            "11 execve(\"/usr/bin/wc\", [\"wc\", \"-c\", \"/etc/shadow\"], 0x7ffe /* 1 var */) = 0", "11 openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3"));
        Assert.Contains(need.Ways, way => way is { Kind: PrivilegeWayKind.HelperCommand, Text: "/usr/bin/wc  (wc -c /etc/shadow)" });
    }

    private static IReadOnlyList<PrivilegeNeed> Of(FakeHost host, params string[] log) =>
        ProfileBuilder.Build(AuditSample.Of(log).Result, new GeneralOptions(), host).Privileges;
}
