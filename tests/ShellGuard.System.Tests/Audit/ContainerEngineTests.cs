using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What docker's daemon and podman start, recorded from the first instruction of the container's program.</summary>
public sealed class ContainerEngineTests
{
    private const string Line = "cat /etc/secret; cat /etc/missing 2>/dev/null; exit 3";

    private static readonly string[] Apart = DockerDaemon.Apart;

    /// <summary>No container may raise them without CAP_SYS_RESOURCE, which root in a container has not.</summary>
    private static readonly string[] Limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"];

    private static string[] Podman(TestArea area)
    {
        Directory.CreateDirectory($"{area.Root}/networks");
        return
        [
            "podman", "--root", $"{area.Root}/podman", "--runroot", $"{area.Root}/podman-run", "--network-config-dir", $"{area.Root}/networks",
            "--cgroup-manager=cgroupfs", "--storage-driver=vfs", "--events-backend=none", "--runtime", "runc",
        ];
    }

    [Fact]
    public void What_dockers_daemon_starts_is_followed_and_its_client_is_not()
    {
        using TestArea area = new(Identity.Root);
        using DockerDaemon docker = new(area);
        docker.Run("import", Image(area), "payload").Succeed();
        Outcome outcome = Trace(area, docker.Environment, "own", docker.Words("run", "--rm", "--network", "none", "payload", "/bin/sh", "-c", Line));
        Assert.True(outcome.Status == 3, outcome.Errors);
        Assert.Equal("hush\n", outcome.Output);
        HasPayload(AuditLines.Of(area, "own"));

        // What goes on after its client ended is followed to its end.
        Trace(area, docker.Environment, "later", docker.Words("run", "-d", "--network", "none", "payload", "/bin/sh", "-c", $"sleep 2; {Line}")).Succeed();
        HasPayload(AuditLines.Of(area, "later"));
    }

    [Fact]
    public void What_docker_cannot_start_is_a_failed_audit_and_another_command_is_refused()
    {
        using TestArea area = new(Identity.Root);
        using DockerDaemon docker = new(area);
        docker.Run("import", Image(area), "payload").Succeed();
        Assert.Equal(127, Trace(area, docker.Environment, "own", docker.Words("run", "--rm", "--network", "none", "payload", "/bin/none")).Status);
        Assert.Equal("failed", AuditLines.Of(area, "own").Coverage);
        Assert.Contains("another command of docker", Trace(area, docker.Environment, "x", docker.Words("ps")).EndWith(125).Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Home}/x"));
    }

    [Fact]
    public void Only_root_can_follow_dockers_daemon()
    {
        using TestArea area = new(Identity.Ordinary);
        Outcome outcome = area.Outside(NativeBinary.Path, "trace", "--container", "-o", $"{area.Home}/own", "--", "docker", "run", "x").EndWith(125);
        Assert.Contains("only root can follow", outcome.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Home}/own"));
    }

    [Fact]
    public void What_podman_starts_is_followed_through_its_monitor()
    {
        using TestArea area = new(Identity.Root);
        string[] podman = Podman(area);
        Programs.Run(Programs.Start([.. Apart, .. podman, "import", Image(area), "payload"], area.Work, area.Environment), null).Succeed();
        Outcome outcome = Trace(
            area, area.Environment, "own",
            [.. podman, "run", "--rm", "--network", "none", .. Limits, "payload", "/bin/sh", "-c", Line]);
        Assert.True(outcome.Status == 3, outcome.Errors);
        Assert.Equal("hush\n", outcome.Output);
        HasPayload(AuditLines.Of(area, "own"));
    }

    private const string Work = "cat /etc/secret; mkdir /tmp/made; echo more >> /srv/data/kept; cat /srv/data/kept; exit 3";

    /// <summary>What was not seen: a place to write, a call, the network, a privilege.</summary>
    private const string Other = "echo > /etc/x; echo > /srv/x; ln -s a /srv/data/link; ip link set lo down; chown 7 /srv/data/kept; true";

    [Fact]
    public void Docker_runs_the_payload_with_the_options_that_were_derived_and_nothing_else()
    {
        using TestArea area = new(Identity.Root);
        using DockerDaemon docker = new(area);
        docker.Run("import", Image(area), "payload").Succeed();
        Trace(area, docker.Environment, "own", docker.Words("run", "--rm", "--network", "none", "payload", "/bin/sh", "-c", Work)).EndWith(3);
        RunsWithDerivedOptions(area, "docker", docker.Words(), "own");
    }

    [Fact]
    public void Podman_runs_the_payload_with_the_options_that_were_derived_and_nothing_else()
    {
        using TestArea area = new(Identity.Root);
        string[] podman = Podman(area);
        Programs.Run(Programs.Start([.. Apart, .. podman, "import", Image(area), "payload"], area.Work, area.Environment), null).Succeed();
        Trace(area, area.Environment, "own", [.. podman, "run", "--rm", "--network", "none", .. Limits, "payload", "/bin/sh", "-c", Work], "--all-calls").EndWith(3);
        RunsWithDerivedOptions(area, "podman", podman, "own", Limits);
    }

    private static void RunsWithDerivedOptions(TestArea area, string target, string[] engine, string audit, params string[] limits)
    {
        string export = $"{NativeBinary.Path} export --root {area.Work}/image";
        area.OutsideShell($"{export} {target} ~/{audit} > options && {export} seccomp --base runc ~/{audit} > seccomp.json").Succeed();

        // The engine of the test, by words of its own; the same image.
        string script = File.ReadAllText($"{area.Work}/options");
        Assert.Contains($"exec {target} run --rm --read-only", script, StringComparison.Ordinal);
        Assert.Contains("type=volume,\"dst=/srv/data\"", script, StringComparison.Ordinal);
        script = script.Replace($"exec {target} run ", $"exec {string.Join(' ', [.. Apart, .. engine])} run {string.Join(' ', limits)} ", StringComparison.Ordinal);
        area.Write("same", script);
        area.Write("other", script.Replace(Work, Other, StringComparison.Ordinal));
        Outcome same = area.OutsideShell("IMAGE=payload . ./same").EndWith(3);
        Assert.Equal("hush\nfirst\nmore\n", same.Output);
        Outcome other = area.OutsideShell("IMAGE=payload . ./other").Succeed();
        foreach (string refused in (string[])["create /etc/x: Read-only", "create /srv/x: Read-only", "ln: /srv/data/link: Operation not permitted", "ip: ", "chown: /srv/data/kept: Operation not permitted"])
        {
            Assert.True(other.Errors.Contains(refused, StringComparison.Ordinal), $"{refused}: {other.Errors}");
        }
    }

    private static void HasPayload(AuditLines audit)
    {
        Assert.Equal("complete", audit.Coverage);
        Assert.Contains("execute /bin/sh success", audit.Accesses);
        Assert.Contains("read /etc/secret success", audit.Accesses);
        Assert.Contains("read /etc/missing absent ENOENT", audit.Accesses);
        Assert.DoesNotContain(audit.Accesses, access => access.Contains("runc", StringComparison.Ordinal)
            || access.Contains("pivot_root", StringComparison.Ordinal) || access.Contains("/var/tmp/sgt-", StringComparison.Ordinal));
    }

    private static Outcome Trace(
        TestArea area, Dictionary<string, string> environment, string audit, IReadOnlyList<string> command, params string[] options) => Programs.Run(
        Programs.Start([.. Apart, NativeBinary.Path, "trace", "-q", .. options, "--container", "-o", $"{area.Home}/{audit}", "--", .. command], area.Work, environment), null);

    private static string Image(TestArea area)
    {
        foreach (string directory in (string[])["bin", "dev", "etc", "proc", "srv/data", "sys", "tmp"])
        {
            Directory.CreateDirectory($"{area.Work}/image/{directory}");
        }

        area.Write("image/srv/data/kept", "first\n");

        File.Copy("/bin/busybox", $"{area.Work}/image/bin/sh", overwrite: true);
        foreach (string name in (string[])["cat", "chown", "ip", "ln", "mkdir", "sleep", "touch"])
        {
            File.CreateSymbolicLink($"{area.Work}/image/bin/{name}", "sh");
        }

        area.Write("image/etc/secret", "hush\n");
        Programs.Run("tar", "-C", $"{area.Work}/image", "-cf", $"{area.Root}/image.tar", ".").Succeed();
        return $"{area.Root}/image.tar";
    }
}
