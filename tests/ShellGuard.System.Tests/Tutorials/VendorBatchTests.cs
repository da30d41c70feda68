using System.Text.Json;
using ShellGuard.System.Tests.Audit;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Tutorials;

/// <summary>docs/tutorials/vendor-batch.md, command by command.</summary>
public sealed class VendorBatchTests
{
    private const string Page = "docs/tutorials/vendor-batch.md";

    [Fact]
    public void The_batch_runs_with_what_was_learnt_and_with_nothing_else()
    {
        using DaemonWorld world = new();
        ExampleFiles.CopyTo("examples/vendor-batch", world.Area.Work);
        IReadOnlyList<string> commands = ExampleFiles.Commands(ExampleFiles.Read(Page));
        Assert.Single(commands, command => command.StartsWith("debootstrap ", StringComparison.Ordinal));
        IReadOnlyList<string> here =
            [.. commands.Select(command => command.StartsWith("debootstrap ", StringComparison.Ordinal) ? "./small-root rootfs invoice" : command)];
        Outcome outcome = world.Run($"""
            for place in /run /opt /srv; do mount -t tmpfs none $place; done
            layer /var/log
            set +e
            {ExampleFiles.Script(here)}
            """);
        ExampleFiles.AssertEnded(here, outcome);

        AuditLines audit = world.Audit("batch.audit");
        Assert.Equal("complete", audit.Coverage);
        foreach (string access in (string[])
            [
                "read /srv/batch/in/orders.dat success", "write /srv/batch/out/invoices.dat success", "create /var/log/invoice.log success",
                "change-attributes /srv/batch/out/invoices.dat user 1000 success",
            ])
        {
            Assert.Contains(access, audit.Accesses);
        }

        // Nothing of the runtime, nothing of the network.
        Assert.DoesNotContain(audit.Accesses, access => access.Contains("runc", StringComparison.Ordinal) || access.Contains("/tcp", StringComparison.Ordinal));
        Assert.Contains("--cap-add=CAP_CHOWN", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(5, outcome.Output.Split("invoice: 00005 orders, total     1180.00\n").Length);
        Assert.Contains("by /bin/sh  (sh -c 'chown 1000 /srv/batch/out/invoices.dat')", outcome.Output, StringComparison.Ordinal);

        string policy = File.ReadAllText($"{world.Area.Work}/batch.toml");
        Assert.Contains("\"/srv/batch/in/orders.dat\"", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("it is not there now", policy, StringComparison.Ordinal);
        using JsonDocument least = JsonDocument.Parse(File.ReadAllText($"{world.Area.Work}/least.json"));
        JsonElement bounding = least.RootElement.GetProperty("process").GetProperty("capabilities").GetProperty("bounding");
        Assert.Equal(["CAP_CHOWN"], bounding.EnumerateArray().Select(name => name.GetString()));
        string report = File.ReadAllText($"{world.Area.Work}/batch.html");
        Assert.Contains("/srv/batch/out/invoices.dat", report, StringComparison.Ordinal);

        // The host's own directories were in namespaces of the test.
        Assert.False(Directory.Exists("/opt/vendor"));
    }
}
