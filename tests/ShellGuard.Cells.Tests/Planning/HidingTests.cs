using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using Xunit;
using static ShellGuard.Cells.Tests.Planning.Planned;

namespace ShellGuard.Cells.Tests.Planning;

/// <summary>How a path is hidden, by where it lies and what stands there.</summary>
public sealed class HidingTests
{
    [Fact]
    public void What_is_hidden_with_its_directory_is_not_hidden_again()
    {
        FakeHost host = new FakeHost().AddFile("/home/ann/.ssh/key").AddFile("/home/ann/.ssh-agent");
        ViewPlan view = Plan(
            host, CopyOnWrite("/home/ann"), Hide("/home/ann/.ssh"), Hide("/home/ann/.ssh/key"), Hide("/home/ann/.ssh-agent"));
        Assert.Equal(["white-out .ssh", "white-out .ssh-agent"], view.PlantsIn("/home/ann").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_hidden_file_with_other_names_is_said_not_to_be_held()
    {
        FakeHost host = new FakeHost().AddFile("/home/ann/key").WithNames("/home/ann/key", 2).AddFile("/home/ann/other");
        ViewPlan view = Plan(host, CopyOnWrite("/home/ann"), Hide("/home/ann/key"), Hide("/home/ann/other"));
        Assert.Contains("/home/ann/key has 2 names", Assert.Single(view.NotHeld), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hidden_file_all_of_whose_names_are_hidden_is_held()
    {
        FakeHost host = new FakeHost().AddFile("/home/ann/key").AddHardLink("/home/ann/key", "/home/ann/other");
        Assert.Single(Plan(host, CopyOnWrite("/home/ann"), Hide("/home/ann/key")).NotHeld);
        Assert.Empty(Plan(host, CopyOnWrite("/home/ann"), Hide("/home/ann/key"), Hide("/home/ann/other")).NotHeld);
    }

    [Fact]
    public void One_name_by_two_ways_is_one_name()
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("shellguard-names-");
        try
        {
            string first = $"{root}/files/first", second = $"{root}/files/second";
            root.CreateSubdirectory("files");
            File.WriteAllText(first, "");
            using Descriptor here = new();
            Files.Link(here, first, here, second).OrThrow();
            File.CreateSymbolicLink($"{root}/way", $"{root}/files");
            HostFiles host = new();
            Assert.Equal(1, host.NamesAmong(first, [first, $"{root}/way/first", $"{root}/files"]));
            Assert.Equal(2, host.NamesAmong(first, [first, $"{root}/way/second", $"{root}/none"]));
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_directory_of_the_base_is_covered_by_an_empty_sealed_one()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/srv"));
        Assert.Equal(["private /srv", "seal /srv"], view.Mounts("/srv"));
        Assert.True(view.ProtectionOf("/srv/x")!.IsHidden);
    }

    [Fact]
    public void A_file_of_the_base_is_hidden_by_a_mask_over_its_directory()
    {
        ViewPlan view = Plan(new FakeHost().AddFile("/srv/app/secret"), ReadOnly("/"), Hide("/srv/app/secret"));
        Assert.Equal(["mask /srv/app"], view.Mounts("/srv"));
        Assert.Equal(["white-out secret"], view.PlantsIn("/srv/app"));
    }

    [Fact]
    public void Several_names_share_one_mask()
    {
        FakeHost host = new FakeHost().AddFile("/srv/app/one").AddFile("/srv/app/two");
        ViewPlan view = Plan(host, ReadOnly("/"), Hide("/srv/app/one"), Hide("/srv/app/two"), Hide("/srv/app/three"));
        Assert.Equal(["mask /srv/app"], view.Mounts("/srv"));
        Assert.Equal(["white-out one", "white-out three", "white-out two"], view.PlantsIn("/srv/app"));
    }

    [Fact]
    public void What_does_not_exist_yet_is_hidden_too()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/srv/later"), Hide("/var/lib/a/b/c"));
        Assert.Equal(["white-out later"], view.PlantsIn("/srv"));

        // By the first name that is missing: whoever makes /var/lib/a later makes something that is not seen.
        Assert.Equal(["white-out a"], view.PlantsIn("/var/lib"));
    }

    [Fact]
    public void Files_of_etc_are_hidden_by_the_mask_that_is_there_anyway()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/etc/shadow"), Hide("/etc/later"));
        Assert.Equal(["mask /etc"], view.Mounts("/etc"));
        Assert.Equal(["file resolv.conf", "white-out later", "white-out shadow"], view.PlantsIn("/etc"));
    }

    [Fact]
    public void In_a_layer_everything_is_a_white_out_below_its_upper_directory()
    {
        FakeHost host = new FakeHost().AddDirectory("/home/ann/.ssh").AddFile("/home/ann/.netrc").AddDirectory("/home/ann/.config");
        ViewPlan view = Plan(
            host, ReadOnly("/"), CopyOnWrite("/home/ann"), Hide("/home/ann/.ssh"), Hide("/home/ann/.netrc"),
            Hide("/home/ann/.later"), Hide("/home/ann/.config/gh/token"));
        Assert.Equal(["layer /home/ann"], view.Mounts("/home"));
        Assert.Equal(
            ["white-out .config/gh", "white-out .later", "white-out .netrc", "white-out .ssh"],
            view.PlantsIn("/home/ann").Order());
        Assert.All(
            view.Plants.Where(plant => plant.HostRoot == "/home/ann"), plant => Assert.Equal(MaskOf(view, "/home/ann"), plant.Root));
        Assert.True(view.ProtectionOf("/home/ann/.ssh/id")!.IsHidden);
    }

    /// <summary>A mount covers everything beneath it: what is laid over a directory comes before what lies in it.</summary>
    [Fact]
    public void A_mask_never_lies_over_what_is_hidden_or_private_beneath_it()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/secret").AddDirectory("/srv/work");
        ViewPlan view = PlanIn(
            "/opt/s/sessions/s", host, ReadOnly("/"), Hide("/srv/secret"), CopyOnWrite("/srv/work"), Hide("/srv/later/a/b"), Hide("/var/later/a/b"));
        Assert.Equal(["mask /srv", "private /srv/secret", "layer /srv/work", "seal /srv/secret"], view.Mounts("/srv"));
        Assert.Equal(["mask /var", "private /var/tmp"], view.Mounts("/var"));
        Assert.Equal(["white-out later"], view.PlantsIn("/srv"));
    }

    private static string? MaskOf(ViewPlan view, string target) =>
        view.Entries.OfType<ViewEntry.Overlay>().Single(overlay => overlay.Target == target).Mask;

    [Fact]
    public void Beneath_a_direct_path_a_directory_is_covered_and_a_file_too()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/.git").AddFile("/srv/.env");
        ViewPlan view = Plan(host, ReadOnly("/"), Direct("/srv"), Hide("/srv/.git"), Hide("/srv/.env"));
        Assert.Equal(["bind /srv", "null /srv/.env", "private /srv/.git", "seal /srv/.git"], view.Mounts("/srv"));
    }

    /// <summary>Nothing can be mounted in what the host lacks; and a preset names much that a host lacks.</summary>
    [Fact]
    public void A_preset_hides_beneath_what_is_missing_in_a_direct_path()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/there");
        ViewPlan view = Plan(
            host, ReadOnly("/"), Direct("/srv"), OfPreset(Hide("/srv/gone/keys")), OfPreset(Hide("/srv/there/gone/keys")));
        Assert.Equal(["bind /srv", "bind /srv/there"], view.Mounts("/srv"));
        Assert.Equal(2, view.NotHeld.Count);
    }

    [Fact]
    public void What_is_missing_beneath_a_direct_path_cannot_be_hidden() => Assert.Contains(
        "where the cell could create it",
        Assert.Throws<PlanException>(
            () => Plan(new FakeHost(), ReadOnly("/"), Direct("/srv"), Hide("/srv/later"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Where_nothing_is_granted_hiding_needs_nothing()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/usr"), Hide("/etc/shadow"));
        Assert.Empty(view.Mounts("/etc"));
        Assert.True(view.ProtectionOf("/etc/shadow")!.IsHidden);
    }

    [Fact]
    public void In_a_directory_with_mounts_a_file_is_covered_and_that_is_said()
    {
        FakeHost host = new FakeHost().AddMount("/srv/disk").AddFile("/srv/secret");
        ViewPlan view = Plan(host, ReadOnly("/"), Hide("/srv/secret"), Hide("/srv/later"));
        Assert.Equal(["null /srv/secret"], view.Mounts("/srv"));
        Assert.Contains(view.Notes, note => note.Contains("/srv/secret is covered", StringComparison.Ordinal));
        Assert.Contains(view.Notes, note => note.Contains("/srv/later does not exist and cannot be masked because /srv/disk", StringComparison.Ordinal));
    }

    [Fact]
    public void The_parent_of_the_storage_is_not_masked_by_a_part_of_itself()
    {
        FakeHost host = new FakeHost().AddDirectory("/var/lib/shellguard/sessions/s").AddFile("/var/lib/secret");
        ViewPlan view = PlanIn("/var/lib/shellguard/sessions/s", host, ReadOnly("/"), Hide("/var/lib/secret"));
        Assert.Equal(["null /var/lib/secret"], view.Mounts("/var/lib"));
        Assert.DoesNotContain("mask /var/lib", view.Mounts("/var"));
    }

    [Fact]
    public void A_missing_name_in_the_root_directory_cannot_be_masked_and_that_is_said()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/secrets"));
        Assert.Empty(view.Mounts("/secrets"));
        Assert.Contains(view.Notes, note => note.Contains("if root creates it", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_path_beneath_a_missing_directory_of_the_root_is_not_masked_at_the_root()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/secrets/keys/one"));
        Assert.DoesNotContain("mask /", view.Mounts("/"));
        Assert.Contains(view.Notes, note => note.Contains("/secrets/keys/one", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_is_shown_in_the_empty_directory()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/shared");
        ViewPlan view = Plan(host, ReadOnly("/"), Hide("/srv"), ReadOnly("/srv/shared"));
        Assert.Equal(["private /srv", "mkdir /srv/shared", "bind-ro /srv/shared", "seal /srv"], view.Mounts("/srv"));
        Assert.False(view.ProtectionOf("/srv/shared/x")!.IsHidden);
        Assert.True(view.ProtectionOf("/srv/other")!.IsHidden);
    }

    [Fact]
    public void An_exception_that_does_not_exist_needs_no_room()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/srv"), ReadOnly("/srv/shared"));
        Assert.Equal(["private /srv", "seal /srv"], view.Mounts("/srv"));
    }

    [Fact]
    public void Other_homes_are_hidden_and_ones_own_is_shown()
    {
        ViewPlan view = Plan(new FakeHost(), ReadOnly("/"), Hide("/home/*"), CopyOnWrite("/home/ann"), Hide("/home/ann/.ssh"));
        Assert.Equal(["private /home", "mkdir /home/ann", "layer /home/ann", "seal /home"], view.Mounts("/home"));
        Assert.True(view.ProtectionOf("/home/bob")!.IsHidden);
        Assert.True(view.ProtectionOf("/home/carol")!.IsHidden);
        Assert.Null(view.ProtectionOf("/home/ann/x"));
        Assert.Equal(["white-out .ssh"], view.PlantsIn("/home/ann"));
    }

    [Fact]
    public void A_home_that_is_a_mount_of_its_own_is_shown_too()
    {
        ViewPlan view = Plan(new FakeHost().AddMount("/home/ann"), ReadOnly("/"), Hide("/home/*"), CopyOnWrite("/home/ann"));
        Assert.Equal(["private /home", "mkdir /home/ann", "layer /home/ann", "seal /home"], view.Mounts("/home"));
    }

    [Fact]
    public void A_glob_hides_what_matches_now_and_says_so()
    {
        FakeHost host = new FakeHost().AddFile("/srv/a/.env").AddFile("/srv/b/c/.env").AddFile("/srv/b/env");
        ViewPlan view = Plan(host, ReadOnly("/"), CopyOnWrite("/srv"), Hide("/srv/**/.env"));
        Assert.Equal(["white-out a/.env", "white-out b/c/.env"], view.PlantsIn("/srv").Order());
        Assert.Contains(view.Notes, note => note.Contains("matches 2 paths now", StringComparison.Ordinal));
        Assert.Contains("/srv/**/.env hides what matches it now, 2 paths, and not what appears on the host later", Assert.Single(view.NotHeld), StringComparison.Ordinal);
    }

    [Fact]
    public void A_glob_within_a_name_matches_names()
    {
        FakeHost host = new FakeHost().AddFile("/etc/ssh/ssh_host_rsa_key").AddFile("/etc/ssh/ssh_host_rsa_key.pub");
        ViewPlan view = Plan(host, ReadOnly("/"), Hide("/etc/ssh/ssh_host_*_key"));
        Assert.Equal(["file resolv.conf", "white-out ssh/ssh_host_rsa_key"], view.PlantsIn("/etc"));
    }

    [Fact]
    public void A_later_rule_that_names_a_match_uncovers_it()
    {
        FakeHost host = new FakeHost().AddFile("/srv/a/.env").AddFile("/srv/test/.env");
        ViewPlan view = Plan(host, ReadOnly("/"), CopyOnWrite("/srv"), Hide("/srv/**/.env"), ReadOnly("/srv/test/.env"));
        Assert.Equal(["white-out a/.env"], view.PlantsIn("/srv"));
        Assert.Equal(["layer /srv", "bind-ro /srv/test/.env"], view.Mounts("/srv"));
    }

    [Fact]
    public void A_hidden_link_hides_its_name_and_what_it_leads_to()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/keys").AddLink("/home/ann/.ssh", "/srv/keys");
        ViewPlan view = Plan(host, ReadOnly("/"), CopyOnWrite("/home/ann"), Hide("/home/ann/.ssh"));
        Assert.Equal(["white-out .ssh"], view.PlantsIn("/home/ann"));
        Assert.Equal(["private /srv/keys", "seal /srv/keys"], view.Mounts("/srv"));
    }

    [Fact]
    public void A_name_behind_a_linked_directory_is_hidden_where_it_really_is()
    {
        FakeHost host = new FakeHost().AddDirectory("/srv/ann").AddLink("/home/ann", "/srv/ann");
        ViewPlan view = Plan(host, ReadOnly("/"), Hide("/home/ann/.ssh"));
        Assert.Equal(["white-out .ssh"], view.PlantsIn("/srv/ann"));
    }

    [Fact]
    public void The_same_name_is_planted_once()
    {
        ViewPlan view = Plan(
            new FakeHost(), ReadOnly("/"), CopyOnWrite("/home/ann"), Hide("/home/ann/.a/one"), Hide("/home/ann/.a/two"));
        Assert.Equal(["white-out .a"], view.PlantsIn("/home/ann"));
    }
}
