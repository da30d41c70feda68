using System.Diagnostics;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Linux.Calls;
using Xunit;

namespace ShellGuard.Leash.Tests.Locating;

/// <summary>Where the configuration comes from, and that nothing runs without one. As root, in a directory whose every
/// component is root's.</summary>
public sealed class LocatorTests : IDisposable
{
    private readonly string _root = Directory.CreateDirectory(
        $"/opt/sg-leash-{Environment.ProcessId}-{Guid.NewGuid():N}", (UnixFileMode)0b111_101_101).FullName;

    public LocatorTests()
    {
        Directory.CreateDirectory($"{_root}/etc", (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory($"{_root}/home", (UnixFileMode)0b111_101_101);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("vector", "37")]
    public void Vector_37_without_a_configuration_nothing_starts()
    {
        LeashException refusal = Refusal(Start());
        Assert.Equal(78, refusal.Status);
        Assert.Contains($"{_root}/etc/ann.toml", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{_root}/home/.l8ashrc", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_users_own_file_holds_after_the_hosts()
    {
        Write("home/.l8ashrc", Base.Entry("/bin/ls", name: "mine"));
        Assert.NotNull(Locate(Start()).Find("mine"));
        Write("etc/@staff.toml", Base.Entry("/bin/ls", name: "group"));
        Assert.NotNull(Locate(Start()).Find("group"));
        Write("etc/ann.toml", Base.Entry("/bin/ls", name: "host"));
        Assert.NotNull(Locate(Start()).Find("host"));
    }

    [Fact]
    public void Two_groups_with_a_configuration_are_none()
    {
        Write("etc/@staff.toml", Base.Text);
        Write("etc/@users.toml", Base.Text);
        Assert.Contains("are both for ann", Refusal(Start()).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "44")]
    public void Vector_44_a_file_of_somebody_elses_choice_is_ignored_and_said()
    {
        string mine = Path.GetTempFileName();
        File.WriteAllText(mine, Base.Entry("/bin/sh", name: "sh"));
        Write("home/.l8ashrc", Base.Text);
        LocatedConfiguration found = ConfigurationLocator.Locate(Start(("LEASH_CONF", mine)));
        File.Delete(mine);
        Assert.Null(found.Configuration.Find("sh"));
        Assert.Contains("is ignored: everybody can write /tmp", Assert.Single(found.Notices), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "44")]
    public void Vector_44_a_login_shell_ignores_the_variable_whatever_it_names()
    {
        Write("conf.toml", Base.Entry("/bin/ls", name: "chosen"));
        Write("home/.l8ashrc", Base.Text);
        LeashStart login = Start(("LEASH_CONF", $"{_root}/conf.toml")) with { IsLoginShell = true };
        LocatedConfiguration found = ConfigurationLocator.Locate(login);
        Assert.Null(found.Configuration.Find("chosen"));
        Assert.Contains("LEASH_CONF is ignored", Assert.Single(found.Notices), StringComparison.Ordinal);
        Assert.Null(Locate(Start(("LEASH_CONF", $"{_root}/conf.toml"), ("SSH_CONNECTION", "a"))).Find("chosen"));
    }

    [Fact]
    [Trait("vector", "45")]
    public void Vector_45_the_variable_holds_without_a_file_in_the_home()
    {
        Write("conf.toml", Base.Entry("/bin/ls", name: "chosen"));
        Assert.NotNull(Locate(Start(("LEASH_CONF", $"{_root}/conf.toml"))).Find("chosen"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative.toml")]
    [InlineData("/opt/not/there.toml")]
    [Trait("vector", "46")]
    public void Vector_46_a_variable_that_names_no_file(string value)
    {
        Write("home/.l8ashrc", Base.Text);
        LeashException refusal = Refusal(Start(("LEASH_CONF", value)));
        Assert.Equal(78, refusal.Status);
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "46")]
    public void Vector_46_the_hosts_configuration_cannot_be_evaded_by_the_variable()
    {
        Write("etc/ann.toml", Base.Entry("/bin/ls", name: "host"));
        Write("conf.toml", Base.Text);
        LocatedConfiguration found = ConfigurationLocator.Locate(Start(("LEASH_CONF", $"{_root}/conf.toml")));
        Assert.NotNull(found.Configuration.Find("host"));
        Assert.Single(found.Notices);
    }

    [Fact]
    [Trait("vector", "47")]
    public void Vector_47_a_directory_or_a_FIFO_is_no_configuration()
    {
        Directory.CreateDirectory($"{_root}/home/.l8ashrc");
        Assert.Contains("a directory and not a file", Refusal(Start()).Message, StringComparison.Ordinal);
        Directory.Delete($"{_root}/home/.l8ashrc");
        Process.Start("mkfifo", $"{_root}/home/.l8ashrc")!.WaitForExit();
        Assert.Contains("a FIFO and not a file", Refusal(Start()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("SSH_CONNECTION", 1)]
    [InlineData("SSH_ORIGINAL_COMMAND", 1)]
    [Trait("vector", "48")]
    public void Vector_48_a_file_that_the_user_can_write_holds_nobody(string? variable, int refused)
    {
        Write("home/.l8ashrc", Base.Text);
        File.SetUnixFileMode($"{_root}/home", (UnixFileMode)0b111_111_111);
        LeashStart start = variable is null ? Start() : Start((variable, "x"));
        if (refused == 0)
        {
            Assert.Contains(
                "holds nobody: everybody can write", Assert.Single(ConfigurationLocator.Locate(start).Notices),
                StringComparison.Ordinal);
        }

        Assert.Contains(
            "everybody can write",
            Refusal(refused == 0 ? start with { IsLoginShell = true } : start).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0b110_110_100, "group 0 can write")]
    [InlineData(0b110_100_110, "everybody can write")]
    public void A_file_of_the_host_must_be_roots_alone(int mode, string reason)
    {
        Write("etc/ann.toml", Base.Text);
        File.SetUnixFileMode($"{_root}/etc/ann.toml", (UnixFileMode)mode);
        Assert.Contains(reason, Refusal(Start()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_counts_with_what_it_leads_to()
    {
        string target = Path.GetTempFileName();
        File.WriteAllText(target, Base.Text);
        File.CreateSymbolicLink($"{_root}/etc/ann.toml", target);
        string message = Refusal(Start()).Message;
        File.Delete(target);
        Assert.Contains("everybody can write /tmp", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_lead_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink($"{_root}/etc/ann.toml", $"{_root}/etc/other.toml");
        File.CreateSymbolicLink($"{_root}/etc/other.toml", "ann.toml");
        Assert.Contains("ELOOP", Refusal(Start()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_or_malformed_file_is_refused_with_its_line()
    {
        Write("etc/ann.toml", "");
        Assert.Contains("it is empty", Refusal(Start()).Message, StringComparison.Ordinal);
        Write("etc/ann.toml", "whitelist = []\nwhitelst = []\n");
        Assert.Contains($"{_root}/etc/ann.toml:2:1: error: unknown key", Refusal(Start()).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "76")]
    public void Vector_76_the_home_is_that_of_the_user_database_where_somebody_is_held()
    {
        Assert.Equal("/elsewhere", Start(("HOME", "/elsewhere")).Home);
        Assert.Equal($"{_root}/home", Start().Home);
        Assert.Equal($"{_root}/home", (Start(("HOME", "/elsewhere")) with { IsLoginShell = true }).Home);
        Assert.Equal($"{_root}/home", Start(("HOME", "/elsewhere"), ("SSH_CLIENT", "")).Home);
    }

    [Theory]
    [InlineData("../ann")]
    [InlineData("@staff")]
    [InlineData("..")]
    public void A_name_that_is_no_file_name_has_no_configuration(string name) => Assert.Contains(
        "can have no configuration",
        Refusal(Start() with { User = new Account(name, 0, 0, "/", "") }).Message, StringComparison.Ordinal);

    private LeashStart Start(params (string Name, string Value)[] environment) => new(
        new Account("ann", 0, 0, $"{_root}/home", "/bin/sh"), ["staff", "users"],
        environment.ToDictionary(variable => variable.Name, variable => variable.Value))
    {
        Directory = $"{_root}/etc",
    };

    private static ShellGuard.Leash.Configuration.LeashConfiguration Locate(LeashStart start) =>
        ConfigurationLocator.Locate(start).Configuration;

    private static LeashException Refusal(LeashStart start) =>
        Assert.Throws<LeashException>(() => ConfigurationLocator.Locate(start));

    private void Write(string name, string text)
    {
        File.WriteAllText($"{_root}/{name}", text);
        File.SetUnixFileMode($"{_root}/{name}", (UnixFileMode)0b110_100_100);
    }
}
