using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>A host that lacks something: a refusal in one line that names it, and <c>--allow-degraded</c> goes on where
/// that is meaningful.</summary>
public sealed class RefusalTests
{
    /// <summary>What Docker's profile does to who may not administer: clone3 is not there, clone and unshare make no
    /// user namespace.</summary>
    private static readonly string[] s_container = ["435=38", "56:0:0x10000000=1", "272:0:0x10000000=1"];

    private const string Landlock = "444=38";
    private const string KillableFilter = "317:1:0x20=22";
    private const string TimeNamespace = "272:0:0x80=22";
    private const string FetchDescriptor = "438=1";

    [Theory, BothIdentities]
    public void No_user_namespaces_by_sysctl(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (string flag in (string[])["", "--allow-degraded"])
        {
            Outcome outcome = Run(
                area, [],
                [
                    "unshare", "--user", "--map-current-user", "--keep-caps", "/bin/sh", "-c",
                    "echo 0 > /proc/sys/user/max_user_namespaces; exec \"$@\"", "sh",
                ],
                flag);
            Refused(outcome, "no user namespaces", "user.max_user_namespaces", "--allow-degraded cannot help");
        }
    }

    [Theory, BothIdentities]
    public void No_user_namespaces_in_a_container(Identity identity)
    {
        using TestArea area = new(identity);
        Refused(
            Run(area, [], Deny(s_container)), "no user namespaces", "seccomp=unconfined", "--allow-degraded cannot help");
    }

    [Theory, BothIdentities]
    public void A_covered_proc(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Run(area, ["unshare", "-m", "/bin/sh", "-c", "mount --bind /dev/null /proc/version; exec \"$@\"", "sh"], []);
        Refused(outcome, "a new /proc cannot be mounted", "systempaths=unconfined", "--allow-degraded cannot help");
    }

    [Theory, BothIdentities]
    public void No_overlay_on_the_storage(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("file", "as it was");
        IReadOnlyList<string> outer = StorageOnOverlay(area);
        Refused(Run(area, outer, []), "overlayfs does not work", "SHELLGUARD_STATE", "accept with --allow-degraded");

        // As in a container without privileges, where a better place for the storage alone would not help.
        Refused(Run(area, outer, Deny(s_container)), "no user namespaces", "--allow-degraded cannot help");

        Programs.Run("rm", "-rf", $"{area.Root}/l", $"{area.Root}/u", $"{area.Root}/w");
        Outcome degraded = Run(
            area, outer, [], "--allow-degraded", "--cow", area.Work, "--",
            "/bin/sh", "-c", "cat file; echo changed > file || echo read-only").Succeed();
        Assert.Equal("as it wasread-only\n", degraded.Output);
        Assert.Contains("degraded: copy-on-write directories are read-only", degraded.Errors, StringComparison.Ordinal);
        Assert.Equal("as it was", File.ReadAllText($"{area.Work}/file"));
    }

    [Theory, BothIdentities]
    public void Hidden_files_stay_hidden_without_overlays(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("secret", "the secret");
        IReadOnlyList<string> outer = StorageOnOverlay(area);
        Outcome outcome = Run(
            area, outer, [], "--allow-degraded", "--hide", $"{area.Work}/secret", "--",
            "/bin/sh", "-c", "cat secret /etc/shadow; echo end");
        Assert.DoesNotContain("the secret", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith("end\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Landlock, "no Landlock", "the second floor is missing")]
    [InlineData(KillableFilter, "interrupted by signals", "programs may see EINTR")]
    [InlineData(TimeNamespace, "no time namespaces", "the cell shares the host's clock offsets")]
    public void What_can_be_done_without_is_done_without_when_allowed(string denied, string missing, string lost)
    {
        foreach (Identity identity in Enum.GetValues<Identity>())
        {
            using TestArea area = new(identity);
            Refused(Run(area, [], Deny(denied)), missing, $"accept with --allow-degraded that {lost}"[..40]);
            Outcome degraded = Run(area, [], Deny(denied), "--allow-degraded").Succeed();
            Assert.Equal("ran\n", degraded.Output);
            Assert.Contains("degraded: ", degraded.Errors, StringComparison.Ordinal);
            Assert.Contains(lost, degraded.Errors, StringComparison.Ordinal);
            Assert.Single(degraded.Errors.TrimEnd('\n').Split('\n'));
        }
    }

    [Fact]
    public void Root_of_a_container_with_few_user_numbers_has_a_cell()
    {
        using TestArea area = new(Identity.Root);
        Outcome outcome = Run(
            area, [], ["unshare", "--user", "--map-root-user"], "--", "/bin/sh", "-c", "id -u; cat /proc/self/uid_map").Succeed();
        Assert.Matches("^0\n +0 +0 +1\n$", outcome.Output);
    }

    [Theory, BothIdentities]
    public void Nothing_is_lost_where_everything_is_there(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Run(area, [], [], "--allow-degraded").Succeed();
        Assert.Equal("ran\n", outcome.Output);
        Assert.Equal("", outcome.Errors);
    }

    [Theory, BothIdentities]
    public void Doctor_says_what_is_missing(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = Programs.Run(
            Programs.Start(
                [.. area.Account.Prefix, .. Deny(Landlock, FetchDescriptor), NativeBinary.Path, "doctor"],
                area.Work, area.Environment),
            null);
        outcome.EndWith(1);
        Assert.Matches("not held +second floor", outcome.Output);
        Assert.Matches("not held +granted endpoints by name", outcome.Output);
        Assert.Matches("held +host read-only", outcome.Output);
    }

    /// <summary>As in a container: no overlay can have its upper directory on another overlay.</summary>
    private static IReadOnlyList<string> StorageOnOverlay(TestArea area) =>
    [
        "unshare", "-m", "/bin/sh", "-c",
        $"mkdir -p {area.Root}/l {area.Root}/u {area.Root}/w && "
        + $"mount -t overlay none -o lowerdir={area.Root}/l,upperdir={area.Root}/u,workdir={area.Root}/w {area.State} && "
        + $"chown {area.Account.Uid}:{area.Account.Gid} {area.State} && chmod 700 {area.State} && exec \"$@\"", "sh",
    ];

    private static string[] Deny(params string[] rules) => ["python3", Readable, .. rules, "--"];

    /// <summary>The test's own directory may be closed to the ordinary user.</summary>
    private static string Readable => s_copy.Value;

    private static readonly Lazy<string> s_copy = new(() =>
    {
        string copy = $"/var/tmp/sgt-deny-{Environment.ProcessId}.py";
        File.Copy(Helper.PathOf("deny-call.py"), copy, overwrite: true);
        File.SetUnixFileMode(copy, (UnixFileMode)0b110_100_100);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(copy);
        return copy;
    });

    /// <summary>Runs <c>echo ran</c>, or what stands behind <c>--</c>, in a cell on a host that was made poorer.</summary>
    /// <param name="asRoot">Before the identity is taken on.</param>
    /// <param name="asUser">After it.</param>
    private static Outcome Run(
        TestArea area, IReadOnlyList<string> asRoot, IReadOnlyList<string> asUser, params string[] rest)
    {
        area.Own();
        string[] given = [.. rest.Where(word => word.Length > 0)];
        string[] command = given.Contains("--") ? given : [.. given, "--", "/bin/echo", "ran"];
        return Programs.Run(
            Programs.Start(
                [.. asRoot, .. area.Account.Prefix, .. asUser, NativeBinary.Path, "run", .. command],
                area.Work, area.Environment),
            null);
    }

    private static void Refused(Outcome outcome, params string[] said)
    {
        outcome.EndWith(125);
        Assert.Equal("", outcome.Output);
        Assert.Single(outcome.Errors.TrimEnd('\n').Split('\n'));
        Assert.All(said, text => Assert.Contains(text, outcome.Errors, StringComparison.Ordinal));
    }
}
