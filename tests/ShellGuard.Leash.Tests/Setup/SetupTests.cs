using System.Diagnostics;
using System.Globalization;
using System.Text;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Setup;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Linux.Calls;
using Xunit;

namespace ShellGuard.Leash.Tests.Setup;

/// <summary>Set-up and its undoing in a directory that stands for the root. As root: usermod(8) and sshd(8) are the
/// host's.</summary>
public sealed class SetupTests : IDisposable
{
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;
    private readonly string _root = Directory.CreateDirectory(
        $"/opt/sg-setup-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40], Open).FullName;

    private readonly string _configuration;

    public SetupTests()
    {
        foreach (string directory in (string[])["etc", "etc/ssh", "etc/ssh/sshd_config.d", "usr", "usr/local", "usr/local/bin", "var", "var/lib", "root"])
        {
            Directory.CreateDirectory($"{_root}/{directory}", Open);
        }

        Write("etc/passwd", "root:x:0:0::/root:/bin/sh\nann:x:4242:4242::/home/ann:/bin/bash\nbob:x:4243:4242::/home/bob:/bin/sh\n");
        Write("etc/group", "root:x:0:\nnogroup:x:65534:\nstaff:x:4242:\n");
        Write("etc/shadow", "root:*:1::::::\nann:*:1::::::\nbob:*:1::::::\n");
        Write("etc/shells", "/bin/sh\n/bin/bash\n");
        using (Process key = Process.Start("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", $"{_root}/etc/ssh/key"]))
        {
            key.WaitForExit();
        }

        Write("etc/ssh/sshd_config", $"Include {_root}/etc/ssh/sshd_config.d/*.conf\nHostKey {_root}/etc/ssh/key\nX11Forwarding yes\n");
        _configuration = Write("root/ops.toml", Base.Entry("/bin/df -h", name: "disk"));
    }

    private SetupRequest Request => new("ann", SetupMethod.Shell) { Root = _root, Source = "/bin/true" };

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_plan_changes_nothing_and_says_every_step()
    {
        string before = Snapshot();
        SetupPlan plan = SetupPlan.Make(Request, _configuration);
        string steps = string.Join('\n', plan.Steps.Select(step => step.Text));
        Assert.Contains($"write {_root}/etc/shellguard/leash.d/ann.toml (root, group 0, mode 644)", steps, StringComparison.Ordinal);
        Assert.Contains($"write {_root}/usr/local/bin/leash (root, group 65534, mode 2755)", steps, StringComparison.Ordinal);
        Assert.Contains($"add the line /usr/local/bin/leash to {_root}/etc/shells", steps, StringComparison.Ordinal);
        Assert.Contains($"write {_root}/etc/ssh/sshd_config.d/00-shellguard-leash-ann.conf", steps, StringComparison.Ordinal);
        Assert.EndsWith("give ann the login shell /usr/local/bin/leash instead of /bin/bash", steps, StringComparison.Ordinal);
        Assert.Contains(plan.Notes, note => note.Contains("systemctl reload ssh", StringComparison.Ordinal));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void What_was_applied_holds_once_and_goes_back_byte_for_byte()
    {
        string before = Snapshot();
        SetupRunner.Apply(SetupPlan.Make(Request, _configuration));
        Assert.Contains("ann:x:4242:4242::/home/ann:/usr/local/bin/leash\n", File.ReadAllText($"{_root}/etc/passwd"), StringComparison.Ordinal);
        Assert.EndsWith("/bin/bash\n/usr/local/bin/leash\n", File.ReadAllText($"{_root}/etc/shells"), StringComparison.Ordinal);
        Files.Open($"{_root}/usr/local/bin/leash", default, out var program).OrThrow();
        Files.Status(program, out FileStatus status).OrThrow();
        program.Dispose();
        Assert.Equal((0u, 65534u, 0b010_111_101_101u), (status.Owner, status.Group, status.Mode));
        Account ann = new("ann", 4242, 4242, "/home/ann", "/usr/local/bin/leash");
        LocatedConfiguration found = ConfigurationLocator.Locate(
            new LeashStart(ann, [], new Dictionary<string, string>()) { IsLoginShell = true, Directory = $"{_root}/etc/shellguard/leash.d" });
        Assert.NotNull(found.Configuration.Find("disk"));

        // A second time there is nothing to do.
        string after = Snapshot();
        SetupPlan again = SetupPlan.Make(Request, _configuration);
        Assert.All(again.Steps, step => Assert.True(step.IsDone, step.Text));
        Assert.Empty(SetupRunner.Apply(again));
        Assert.Equal(after, Snapshot());
        SetupRunner.Undo(Request);
        Assert.Equal(before, Snapshot());
        Assert.Empty(SetupRunner.Undo(Request));
    }

    [Fact]
    public void What_was_there_before_is_there_again()
    {
        Directory.CreateDirectory($"{_root}/etc/shellguard/leash.d", Open);
        File.SetUnixFileMode($"{_root}/etc/shellguard", Open);
        Write("etc/shellguard/leash.d/ann.toml", "whitelist = []\n");
        File.SetUnixFileMode($"{_root}/etc/shellguard/leash.d/ann.toml", (UnixFileMode)0b110_000_000);
        Write("etc/shells", "/bin/sh");
        string before = Snapshot();
        SetupRunner.Apply(SetupPlan.Make(Request, _configuration));
        Assert.Equal("/bin/sh\n/usr/local/bin/leash\n", File.ReadAllText($"{_root}/etc/shells"));

        // Another configuration later: what is given back is still the first one.
        File.AppendAllText(_configuration, "\n" + Base.Entry("/bin/true", name: "more"));
        Assert.Single(SetupRunner.Apply(SetupPlan.Make(Request, _configuration)));
        SetupRunner.Undo(Request);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void What_two_users_need_goes_with_the_second_of_them()
    {
        string before = Snapshot();
        SetupRequest bob = Request with { User = "bob" };
        SetupRunner.Apply(SetupPlan.Make(Request, _configuration));
        SetupRunner.Apply(SetupPlan.Make(bob, _configuration));
        SetupRunner.Undo(Request);
        Assert.True(File.Exists($"{_root}/usr/local/bin/leash"));
        Assert.Contains("/usr/local/bin/leash", File.ReadAllText($"{_root}/etc/shells"), StringComparison.Ordinal);
        Assert.Contains("ann:x:4242:4242::/home/ann:/bin/bash", File.ReadAllText($"{_root}/etc/passwd"), StringComparison.Ordinal);
        SetupRunner.Undo(bob);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Nothing_is_taken_back_where_somebody_changed_it_since()
    {
        SetupRunner.Apply(SetupPlan.Make(Request, _configuration));
        Write("etc/shellguard/leash.d/ann.toml", "whitelist = []\n");
        string before = Snapshot();
        LeashException refusal = Assert.Throws<LeashException>(() => SetupRunner.Undo(Request));
        Assert.Contains($"{_root}/etc/shellguard/leash.d/ann.toml", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("", "sshd would not do as")]
    [InlineData("Include {0}/etc/ssh/sshd_config.d/*.conf\nPermitUserEnvironment yes\n", "wanted 'permituserenvironment no'")]
    [InlineData("Match User ann\n    ForceCommand /bin/sh\nMatch all\nInclude {0}/etc/ssh/sshd_config.d/*.conf\n", "has 'forcecommand /bin/sh'")]
    [InlineData("Include {0}/etc/ssh/sshd_config.d/*.conf\nNoSuchKey 1\n", "sshd -t: ")]
    public void Nobody_is_held_where_sshd_does_otherwise(string settings, string reason)
    {
        Write(
            "etc/ssh/sshd_config",
            $"HostKey {_root}/etc/ssh/key\n{settings.Replace("{0}", _root, StringComparison.Ordinal)}");
        string before = Snapshot();
        LeashException refusal = Assert.Throws<LeashException>(() => SetupRunner.Apply(SetupPlan.Make(Request, _configuration)));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Theory]
    [InlineData("[[whitelist]]\nname = 'x'\ncommand_line = '/bin/bash'\n", "would not hold")]
    [InlineData("[[whitelist]]\nname = 'x'\ncommand_line = '/bin/true'\nintegrity = ['36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c']\n", "invalid checksum for /bin/true")]
    [InlineData("nonsense", "cannot be used")]
    public void A_configuration_that_would_not_hold_is_refused(string text, string reason)
    {
        string file = Write("root/bad.toml", text);
        Assert.Contains(reason, Assert.Throws<LeashException>(() => SetupPlan.Make(Request, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neither_root_nor_strangers_nor_open_directories_are_set_up()
    {
        Assert.Contains("is root", Refusal(Request with { User = "root" }), StringComparison.Ordinal);
        Assert.Contains("has no user eve", Refusal(Request with { User = "eve" }), StringComparison.Ordinal);
        Assert.Contains("no user's name", Refusal(Request with { User = "../ann" }), StringComparison.Ordinal);
        Assert.Contains("--program", Refusal(Request with { Program = "/usr/local/bin/other" }), StringComparison.Ordinal);
        File.SetUnixFileMode($"{_root}/usr/local/bin", (UnixFileMode)0b111_111_101);
        Assert.Contains("would not be root's alone", Refusal(Request), StringComparison.Ordinal);
        File.SetUnixFileMode($"{_root}/usr/local/bin", Open);
        File.CreateSymbolicLink($"{_root}/usr/local/bin/leash", "/bin/true");
        Assert.Contains("is a link to /bin/true", Refusal(Request), StringComparison.Ordinal);
    }

    [Fact]
    public void By_ssh_alone_the_shell_stays_and_by_key_sshd_as_well()
    {
        SetupRunner.Apply(SetupPlan.Make(Request with { Method = SetupMethod.Ssh }, _configuration));
        Assert.Contains("ann:x:4242:4242::/home/ann:/bin/bash", File.ReadAllText($"{_root}/etc/passwd"), StringComparison.Ordinal);
        Assert.Contains("ForceCommand /usr/local/bin/leash", File.ReadAllText($"{_root}/etc/ssh/sshd_config.d/00-shellguard-leash-ann.conf"), StringComparison.Ordinal);
        SetupPlan key = SetupPlan.Make(Request with { User = "bob", Method = SetupMethod.Key }, _configuration);
        SetupRunner.Apply(key);
        Assert.False(File.Exists($"{_root}/etc/ssh/sshd_config.d/00-shellguard-leash-bob.conf"));
        Assert.Contains(key.Notes, note => note.Contains("restrict,pty,command=\"/usr/local/bin/leash\"", StringComparison.Ordinal));
    }

    private string Refusal(SetupRequest request) =>
        Assert.Throws<LeashException>(() => SetupPlan.Make(request, _configuration)).Message;

    private string Write(string name, string text)
    {
        File.WriteAllText($"{_root}/{name}", text);
        File.SetUnixFileMode($"{_root}/{name}", (UnixFileMode)0b110_100_100);
        return $"{_root}/{name}";
    }

    /// <summary>Names, modes, owners and bytes of everything; usermod's own backup of the database is its own.</summary>
    private string Snapshot()
    {
        StringBuilder all = new();
        foreach (string path in Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith("/etc/passwd-", StringComparison.Ordinal) || path == _configuration)
            {
                continue;
            }

            Files.Open(path, Linux.Abi.OpenFlags.PATH, out var file).OrThrow();
            Files.Status(file, out FileStatus status).OrThrow();
            file.Dispose();
            all.Append(CultureInfo.InvariantCulture, $"{path} {status.Mode} {status.Owner} {status.Group} ");
            all.Append(File.Exists(path) ? Convert.ToBase64String(File.ReadAllBytes(path)) : "").Append('\n');
        }

        return all.ToString();
    }
}
