using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using Xunit;
using static ShellGuard.Cells.Tests.Planning.Planned;

namespace ShellGuard.Cells.Tests.Planning;

/// <summary>What becomes of read-only, copy-on-write and direct paths, and of the directories that are always the
/// cell's own.</summary>
public sealed class ViewPlannerTests
{
    [Fact]
    public void The_host_is_the_base_where_it_is_granted()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"));
        Assert.IsType<ViewEntry.HostBase>(view.Entries[0]);
        ProtectedPath root = Assert.Single(view.Protected);
        Assert.Equal(("/", false), (root.Path, root.IsHidden));
    }

    [Fact]
    public void Between_walls_counters_of_the_machine_stand_still()
    {
        FakeHost host = new FakeHost().AddFile("/proc/stat").AddFile("/proc/sys/fs/file-nr")
            .AddFile("/sys/devices/system/cpu/online").AddFile("/sys/devices/system/cpu/cpu0/cpuidle/state0/usage");
        ViewPlan view = ViewPlanner.Plan(
            [ReadOnly("/")], host, Storage, new Dictionary<string, string>(StringComparer.Ordinal), apart: true);
        Assert.Equal(
            [("/proc/meminfo", "/proc/meminfo as it was\n"), ("/proc/stat", "/proc/stat as it was\n")],
            view.Entries.OfType<ViewEntry.Still>().OrderBy(entry => entry.Target).Select(entry => (entry.Target, entry.Content)));
        Assert.Contains(
            view.Entries.OfType<ViewEntry.HostBind>(),
            entry => entry is { Target: "/proc/sys/fs/file-nr", Source: "/dev/null" });
        Assert.Equal(
            ["/sys/devices/system/cpu/online"],
            view.Entries.OfType<ViewEntry.HostBind>().Select(entry => entry.Source)
                .Where(source => source.StartsWith("/sys", StringComparison.Ordinal)));
        Assert.Empty(ViewPlanner.Plan(
            [ReadOnly("/")], host, Storage, new Dictionary<string, string>(StringComparer.Ordinal))
            .Entries.OfType<ViewEntry.Still>());
    }

    [Fact]
    public void Without_a_grant_nothing_of_the_host_is_there()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/usr"));
        Assert.Equal(
            ["empty /", "link /bin -> usr/bin"], view.Entries.Take(2).Select(entry => view.Mounts(entry.Target).First()));
        Assert.Equal(["mkdir /usr", "bind-ro /usr"], view.Mounts("/usr"));
        Assert.True(view.ProtectionOf("/etc/passwd")!.IsHidden);
        Assert.False(view.ProtectionOf("/usr/bin/sh")!.IsHidden);
        Assert.Empty(view.Mounts("/etc"));
    }

    [Fact]
    public void Copy_on_write_is_an_overlay_with_a_layer()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), CopyOnWrite("/home/ann"), CopyOnWrite("/srv"));
        Assert.Equal(["layer /home/ann"], view.Mounts("/home"));
        Assert.Equal(["/srv", "/home/ann"], view.Layers.Select(layer => layer.Target));
        Assert.Equal([$"{Storage}/layers/0/upper", $"{Storage}/layers/1/upper"], view.Layers.Select(layer => layer.Upper));
        Assert.Null(view.ProtectionOf("/home/ann/x"));
        Assert.Equal("/", view.ProtectionOf("/home/bob/x")!.Path);
    }

    [Fact]
    public void Copy_on_write_within_a_layer_needs_no_second_one()
    {
        ViewPlan view = Plan(
            new FakeHost().AddDirectory("/home/ann/src"), ReadOnly("/"), CopyOnWrite("/home/ann"), CopyOnWrite("/home/ann/src"));
        Assert.Equal(["/home/ann"], view.Layers.Select(layer => layer.Target));
    }

    [Fact]
    public void Deeper_rules_are_mounted_after_shallower_ones()
    {
        FakeHost host = new FakeHost().AddDirectory("/home/ann/src/app/out").AddDirectory("/home/ann/src/vendor");
        ViewPlan view = Plan(
            host, ReadOnly("/"), Direct("/home/ann/src/app/out"), ReadOnly("/home/ann/src/vendor"), CopyOnWrite("/home/ann/src"));
        Assert.Equal(
            ["layer /home/ann/src", "bind-ro /home/ann/src/vendor", "bind /home/ann/src/app/out"], view.Mounts("/home/ann"));
        Assert.Null(view.ProtectionOf("/home/ann/src/app/out/x"));
        Assert.Equal("/home/ann/src/vendor", view.ProtectionOf("/home/ann/src/vendor/x")!.Path);
    }

    [Fact]
    public void Direct_is_a_bind_and_writable()
    {
        ViewPlan view = Plan(new FakeHost().AddFile("/srv/data"), ReadOnly("/"), Direct("/srv/data"));
        Assert.Equal(["bind /srv/data"], view.Mounts("/srv"));
        Assert.Contains(new WritablePath("/srv/data", IsDirectory: false), view.Writable);
    }

    [Fact]
    public void Read_only_on_the_read_only_base_costs_nothing() =>
        Assert.Empty(Plan(new FakeHost(), ReadOnly("/"), ReadOnly("/srv")).Mounts("/srv"));

    [Fact]
    public void Read_only_that_does_not_exist_is_kept_from_a_commit()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), CopyOnWrite("/srv"), ReadOnly("/srv/later"));
        Assert.Equal("/srv/later", view.Protected[^1].Path);
        Assert.Contains(view.Notes, note => note.Contains("/srv/later does not exist", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/missing", "does not exist")]
    [InlineData("/etc/passwd", "is not a directory")]
    public void What_cannot_be_copy_on_write_is_refused(string path, string why) =>
        Refused(why, new FakeHost(), ReadOnly("/"), CopyOnWrite(path));

    [Fact]
    public void A_missing_direct_path_is_refused() =>
        Refused("create it first", new FakeHost(), ReadOnly("/"), Direct("/srv/missing"));

    /// <summary>A policy may name what only some hosts have; who types a path means one that is there.</summary>
    [Fact]
    public void A_missing_read_only_path_is_refused_where_it_was_typed()
    {
        Policy.Model.PathRule typed = ReadOnly("/srv/missing") with { Source = Core.RuleSource.CommandLine("--ro /srv/missing") };
        Refused("command line: --ro /srv/missing: /srv/missing does not exist", new FakeHost(), ReadOnly("/"), typed);
        Plan(new FakeHost(), ReadOnly("/"), ReadOnly("/srv/missing"));
    }

    [Fact]
    public void Copy_on_write_beneath_direct_is_a_layer_of_its_own()
    {
        ViewPlan view = Plan(
            new FakeHost().AddDirectory("/srv/www"), ReadOnly("/"), Direct("/srv"), CopyOnWrite("/srv/www"));
        Assert.Equal(["bind /srv", "layer /srv/www"], view.Mounts("/srv"));
    }

    [Fact]
    public void What_a_preset_names_and_the_host_lacks_is_left_out()
    {
        ViewPlan view = Plan(
            new FakeHost(), ReadOnly("/"), OfPreset(CopyOnWrite("/opt")), OfPreset(Direct("/srv/www")));
        Assert.Empty(view.Layers);
        Assert.Empty(view.Mounts("/srv"));
        Assert.Empty(view.NotHeld);
    }

    [Fact]
    public void What_a_preset_cannot_keep_from_a_direct_directory_is_said()
    {
        ViewPlan view = Plan(
            new FakeHost(), ReadOnly("/"), Direct("/srv"), OfPreset(ReadOnly("/srv/rc.local")), OfPreset(Hide("/srv/keys")),
            OfPreset(CopyOnWrite("/srv/cron.d")));
        Assert.Equal(["/srv/cron.d", "/srv/keys", "/srv/rc.local"], view.NotHeld.Select(said => said.Split(' ')[0]).Order());
    }

    [Fact]
    public void A_layer_over_the_directory_of_all_sessions_does_not_show_them()
    {
        FakeHost host = new FakeHost().AddDirectory("/var/lib/shellguard/sessions/s");
        ViewPlan view = PlanIn("/var/lib/shellguard/sessions/s", host, ReadOnly("/"), CopyOnWrite("/var/lib"));
        Assert.Equal(["without storage /var/lib", "layer /var/lib"], view.Mounts("/var/lib"));
        Assert.Equal(
            "shellguard", Assert.Single(view.Entries.OfType<ViewEntry.WithoutStorage>()).Missing);
    }

    [Fact]
    public void Copy_on_write_over_a_mount_is_refused_and_names_it() =>
        Refused("/srv/disk is mounted beneath it", new FakeHost().AddMount("/srv/disk"), ReadOnly("/"), CopyOnWrite("/srv"));

    /// <summary>Whoever uses a preset cannot change its rule.</summary>
    [Fact]
    public void A_preset_shows_what_has_a_mount_beneath_it_read_only()
    {
        FakeHost host = new FakeHost().AddMount("/srv/disk").AddMount("/var/tmp/ann/disk");
        ViewPlan view = Plan(host, ReadOnly("/"), OfPreset(CopyOnWrite("/srv")), OfPreset(CopyOnWrite("/var/tmp/ann")));
        Assert.Empty(view.Mounts("/srv"));
        Assert.Contains("bind-ro /var/tmp/ann", view.Mounts("/var/tmp"));
        Assert.Equal(2, view.NotHeld.Count);
    }

    [Fact]
    public void Copy_on_write_of_the_mount_itself_is_fine() => Assert.Equal(
        ["layer /srv/disk"], Plan(new FakeHost().AddMount("/srv/disk"), ReadOnly("/"), CopyOnWrite("/srv/disk")).Mounts("/srv"));

    [Fact]
    public void Copy_on_write_of_the_root_is_refused_by_name() =>
        Refused("/ cannot be copy-on-write as a whole", new FakeHost(), ReadOnly("/"), CopyOnWrite("/"));

    [Fact]
    public void A_policys_working_directory_that_is_the_root_stays_read_only()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), CopyOnWrite("/") with { IsWorkingDirectory = true });
        Assert.IsType<ViewEntry.HostBase>(view.Entries[0]);
        Assert.Empty(view.Layers);
        Assert.Contains(view.Notes, note => note.EndsWith("the working directory is /, which stays read-only", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/dev/sda")]
    [InlineData("/sys/class")]
    [InlineData("/proc/1/root")]
    public void Devices_are_never_handed_over(string path) =>
        Refused("is always the cell's own", new FakeHost().AddFile(path), ReadOnly("/"), ReadOnly(path));

    [Fact]
    public void Private_directories_are_the_cells_own()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"));
        foreach (string path in new[] { "/tmp", "/var/tmp", "/run" })
        {
            Assert.Equal([$"private {path}"], view.Mounts(path));
            Assert.Null(view.ProtectionOf($"{path}/x"));
        }

        Assert.Equal("private /dev", view.Mounts("/dev").First());
        Assert.Contains("private /dev/shm", view.Mounts("/dev"));
        Assert.Contains("devpts", view.Mounts("/dev"));
        Assert.Equal("private /sys", view.Mounts("/sys").First());
        Assert.Equal("seal /sys", view.Mounts("/sys").Last());
    }

    [Fact]
    public void A_host_directory_inside_a_private_one_is_shown_where_it_is_named()
    {
        ViewPlan view = Plan(new FakeHost().AddDirectory("/tmp/build"), ReadOnly("/"), CopyOnWrite("/tmp/build"));
        Assert.Equal(["private /tmp", "mkdir /tmp/build", "layer /tmp/build"], view.Mounts("/tmp"));
    }

    [Fact]
    public void A_private_directory_stays_one_in_what_is_handed_over()
    {
        Assert.Equal(["layer /var", "private /var/tmp"], PlanIn("/srv/s/sessions/s", new FakeHost(), ReadOnly("/"), CopyOnWrite("/var")).Mounts("/var"));
        Assert.Equal(["bind /var", "private /var/tmp"], PlanIn("/srv/s/sessions/s", new FakeHost(), ReadOnly("/"), Direct("/var")).Mounts("/var"));
        Assert.Equal(
            ["mkdir /var", "bind-ro /var", "private /var/tmp"],
            PlanIn("/srv/s/sessions/s", new FakeHost(), ReadOnly("/var")).Mounts("/var").Where(mount => mount != "mkdir /var/tmp"));
    }

    [Fact]
    public void A_private_directory_is_the_hosts_where_it_is_named() => Assert.Equal(
        ["bind /tmp"], Plan(new FakeHost(), ReadOnly("/"), Direct("/tmp")).Mounts("/tmp"));

    [Fact]
    public void Proc_shows_no_more_of_the_host_than_was_decided()
    {
        IEnumerable<string> mounts = Plan(new FakeHost(), ReadOnly("/")).Mounts("/proc");
        Assert.Equal(["proc", "private /proc/fs", "null /proc/kallsyms", "read-only /proc/sys"], mounts);
    }

    [Fact]
    public void The_cells_resolver_stands_in_etc()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"));
        Assert.Equal(["mask /etc"], view.Mounts("/etc"));
        Assert.Equal(["file resolv.conf"], view.PlantsIn("/etc"));
        Assert.Equal("/", view.ProtectionOf("/etc/passwd")!.Path);
    }

    [Fact]
    public void In_a_copy_on_write_etc_it_stands_in_the_layer()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), CopyOnWrite("/etc"));
        Assert.Equal(["layer /etc"], view.Mounts("/etc"));
        Assert.Equal(
            view.Entries.OfType<ViewEntry.Overlay>().Single(overlay => overlay.Target == "/etc").Mask, view.Plants[0].Root);
    }

    [Fact]
    public void Where_etc_is_the_hosts_it_is_said()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Direct("/etc"));
        Assert.DoesNotContain("mask /etc", view.Mounts("/etc"));
        Assert.Contains(view.Notes, note => note.StartsWith("/etc/resolv.conf is the host's", StringComparison.Ordinal));
    }

    /// <summary>As in a container: the engine mounts files of its own there.</summary>
    [Fact]
    public void Where_something_is_mounted_in_etc_the_resolver_stands_there_by_itself()
    {
        ViewPlan view = Plan(new FakeHost().AddMount("/etc/hosts").AddFile("/etc/resolv.conf"), ReadOnly("/"));
        Assert.DoesNotContain("mask /etc", view.Mounts("/etc"));
        ViewEntry.Still file = view.Entries.OfType<ViewEntry.Still>().Single(still => still.Target == "/etc/resolv.conf");
        Assert.True(view.Entries.ToList().IndexOf(file) > view.Entries.ToList().FindIndex(entry => entry.Target == "/dev"));
    }

    [Fact]
    public void A_rule_for_a_link_holds_for_what_it_leads_to()
    {
        ViewPlan view = Plan(
            new FakeHost().AddDirectory("/srv/data").AddLink("/home/ann/data", "/srv/data"), ReadOnly("/"), CopyOnWrite("/home/ann/data"));
        Assert.Equal(["/srv/data"], view.Layers.Select(layer => layer.Target));
    }

    private static void Refused(string why, FakeHost host, params Policy.Model.PathRule[] rules) =>
        Assert.Contains(why, Assert.Throws<PlanException>(() => Plan(host, rules)).Message, StringComparison.Ordinal);
}
