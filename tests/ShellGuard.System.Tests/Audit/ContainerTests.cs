using System.Text.Json.Nodes;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Of a container that counts what its programs do, as they see it, and not what runc or crun does to make it.</summary>
[Collection(LoadedProgramsCollection.Name)]
public sealed class ContainerTests
{
    /// <summary>crun does not know the mixture of both cgroup trees, and it makes no cgroups where it may not raise limits: it gets
    /// the new tree, in namespaces of its own, and is told to let it be.</summary>
    private const string ForCrun = "if [ -d /sys/fs/cgroup/unified ]; then mount --rbind /sys/fs/cgroup/unified /sys/fs/cgroup || exit 99; fi; exec \"$@\"";

    public static TheoryData<Identity, string, string> Ways => new()
    {
        { Identity.Root, "runc", "ptrace" },
        { Identity.Ordinary, "runc", "ptrace" },
        { Identity.Root, "crun", "ptrace" },
        { Identity.Ordinary, "crun", "ptrace" },
        { Identity.Root, "runc", "ebpf" },
        { Identity.Root, "crun", "ebpf" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_containers_programs_are_told_from_its_runtime(Identity identity, string runtime, string backend)
    {
        using TestArea area = new(identity);
        MakeBundle(area, "cat /etc/secret; mkdir /tmp/made; cat /etc/missing; exit 3", isRoot: runtime == "crun");
        Outcome outcome = Trace(area, runtime, backend, "run", Name(area));
        Assert.True(outcome.Status == 3, outcome.Errors);
        Assert.Equal("hush\n", outcome.Output);
        HasPayload(area, runtime);
    }

    [Theory, BothIdentities]
    public void A_bundle_is_taken_from_elsewhere(Identity identity)
    {
        using TestArea area = new(identity);
        MakeBundle(area, "cat /etc/secret; mkdir /tmp/made; cat /etc/missing; exit 3");
        Directory.CreateDirectory($"{area.Home}/elsewhere");
        area.Own();
        area.OutsideShell(
            $"cd ~/elsewhere; exec {NativeBinary.Path} trace -q --container -o ~/own -- runc --root ~/state run --bundle {area.Work} {Name(area)}").EndWith(3);
        HasPayload(area, "runc");
    }

    private static Outcome Trace(TestArea area, string runtime, string backend, params string[] words)
    {
        string[] apart = runtime != "crun" ? []
            : ["unshare", .. area.Account.Identity == Identity.Root ? (string[])["-m"] : ["-rm"], "sh", "-c", ForCrun, "sh"];
        string[] options = runtime != "crun" ? [] : ["--cgroup-manager=disabled"];
        return area.Outside(
            [
                .. apart, NativeBinary.Path, "trace", "-q", "--backend", backend, "--container", "-o", $"{area.Home}/own", "--",
                runtime, .. options, "--root", $"{area.Home}/state", .. words,
            ]);
    }

    private static void HasPayload(TestArea area, string runtime)
    {
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Equal("complete", audit.Coverage);
        Assert.Contains("read /etc/secret success", audit.Accesses);
        Assert.Contains("read /etc/missing absent ENOENT", audit.Accesses);
        Assert.Contains("create /tmp/made success", audit.Accesses);
        Assert.DoesNotContain(audit.Accesses, access =>
            access.Contains(runtime, StringComparison.Ordinal) || access.Contains("pivot_root", StringComparison.Ordinal)
            || access.Contains(area.Root, StringComparison.Ordinal));
    }

    [Theory, BothIdentities]
    public void Without_a_container_in_it_the_audit_has_failed(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(NativeBinary.Path, "trace", "--container", "-o", $"{area.Home}/own", "--", "true");
        Assert.Equal(0, outcome.Status);
        Assert.Equal("failed", AuditLines.Of(area, "own").Coverage);
        Assert.Contains("no program of a container was seen", outcome.Errors, StringComparison.Ordinal);
    }

    private static string Name(TestArea area) => Path.GetFileName(area.Root);

    /// <param name="isRoot">Whether the runtime is started by root, be it that of a namespace.</param>
    private static void MakeBundle(TestArea area, string line, bool isRoot = false)
    {
        foreach (string directory in (string[])["bin", "dev", "etc", "proc", "sys", "tmp"])
        {
            Directory.CreateDirectory($"{area.Work}/rootfs/{directory}");
        }

        File.Copy("/bin/busybox", $"{area.Work}/rootfs/bin/sh");
        foreach (string name in (string[])["cat", "mkdir"])
        {
            File.CreateSymbolicLink($"{area.Work}/rootfs/bin/{name}", "sh");
        }

        area.Write("rootfs/etc/secret", "hush\n");
        area.Own();
        area.Outside("runc", "spec", "--rootless").Succeed();
        JsonNode spec = JsonNode.Parse(File.ReadAllText($"{area.Work}/config.json"))!;
        spec["process"]!["args"] = new JsonArray("/bin/sh", "-c", line);
        spec["process"]!["terminal"] = false;
        spec["root"]!["readonly"] = false;
        foreach (string mappings in isRoot ? (string[])["uidMappings", "gidMappings"] : [])
        {
            spec["linux"]![mappings]![0]!["hostID"] = 0;
        }

        File.WriteAllText($"{area.Work}/config.json", spec.ToJsonString());
    }
}
