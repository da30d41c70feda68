using System.Text.Json.Nodes;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Of a container that counts what its programs do, as they see it, and not what runc does to make it.</summary>
public sealed class ContainerTests
{
    [Theory, BothIdentities]
    public void A_containers_programs_are_told_from_its_runtime(Identity identity)
    {
        using TestArea area = new(identity);
        MakeBundle(area, "cat /etc/secret; mkdir /tmp/made; cat /etc/missing; exit 3");
        Outcome outcome = area.Outside(
            NativeBinary.Path, "trace", "-q", "--container", "-o", $"{area.Home}/own", "--", "runc", "--root", $"{area.Home}/runc", "run", Name(area));
        Assert.True(outcome.Status == 3, outcome.Errors);
        Assert.Equal("hush\n", outcome.Output);
        AuditLines audit = AuditLines.Of(area, "own");
        Assert.Equal("complete", audit.Coverage);
        Assert.Contains("read /etc/secret success", audit.Accesses);
        Assert.Contains("read /etc/missing absent ENOENT", audit.Accesses);
        Assert.Contains("create /tmp/made success", audit.Accesses);
        Assert.DoesNotContain(audit.Accesses, access =>
            access.Contains("runc", StringComparison.Ordinal) || access.Contains("pivot_root", StringComparison.Ordinal)
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

    private static void MakeBundle(TestArea area, string line)
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
        File.WriteAllText($"{area.Work}/config.json", spec.ToJsonString());
    }
}
