using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>Command lines in exports: exactly what ran, and none where the recording has a part only.</summary>
public sealed class CommandLineTests
{
    private static readonly FakeHost Host = new FakeHost().File("/etc/shadow", 0b110_100_000, 42);

    [Theory]
    [InlineData("[\"wc\", \"-L\", \"/srv/archive/2024/de\"...]")]
    [InlineData("[\"wc\", \"root\", ...]")]
    public void A_command_that_is_cut_is_no_rule(string arguments)
    {
        ImportResult result = Read($"/usr/bin/wc\", {arguments}");
        foreach (ImportResult read in (ImportResult[])[result, AuditSample.Again(result).Result])
        {
            AccessProfile profile = ProfileBuilder.Build(read, new GeneralOptions(), Host);
            foreach (IExporter exporter in (IExporter[])[new SudoersExporter(), new DoasExporter()])
            {
                string text = exporter.Write(profile, new ExportOptions { User = "scanner" });
                Assert.DoesNotContain("scanner", text, StringComparison.Ordinal);
                Assert.Contains("the recording does not have all of its arguments\n", text, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("[\"scan\", \"abc\"...]")]
    [InlineData("[\"scan\", ...]")]
    public void A_cut_command_is_not_written_out(string arguments)
    {
        AccessProfile profile = ProfileBuilder.Build(
            AuditSample.Of($"9 execve(\"/srv/scan\", {arguments}, 0x7ffe /* 3 vars */) = 0", "9 chdir(\"/\") = 0").Result, new GeneralOptions(), Host);
        foreach (IExporter exporter in Exporters.All(Host).Where(exporter => exporter.Name is "systemd" or "bwrap" or "landlock" or "docker" or "kubernetes"))
        {
            string text = exporter.Write(profile, new ExportOptions());
            Assert.Contains("# The recording does not have all of the command's arguments", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text.Split('\n'), line => !line.StartsWith('#') && line.Contains("scan", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Arguments_in_a_unit_are_the_bytes_that_were_seen()
    {
        string text = Export("systemd", "9 execve(\"/srv/scan\", [\"scan\", \"a\\\\.b\", \"x\\ny\", \"$HOME %n\", \"\\377\"], 0x7ffe /* 3 vars */) = 0");
        Assert.Contains("\nExecStart=/srv/scan \"a\\\\.b\" x\\x0ay \"$$HOME %%n\" \\xff\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Kubernetes_expands_no_variable_of_the_command()
    {
        string text = Export("kubernetes", "9 execve(\"/srv/scan\", [\"scan\", \"$(HOME)\", \"\\360\\237\\230\\200\"], 0x7ffe /* 3 vars */) = 0");
        Assert.Contains("        - \"$$(HOME)\"\n        - \"\\U0001f600\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_shown_nowhere_and_said_where_it_must_stand()
    {
        const string Run = "9 execve(\"/srv/scan\", [\"scan\", \"--password=hunter2\", \"--token\", \"hunter2\"], 0x7ffe /* 3 vars */) = 0";
        string policy = Export("policy", Run);
        Assert.DoesNotContain("hunter2", policy, StringComparison.Ordinal);
        string unit = Export("systemd", Run);
        Assert.Contains("# Something that looks like a secret", unit, StringComparison.Ordinal);
        Assert.Equal("ExecStart=/srv/scan --password=hunter2 --token hunter2", Assert.Single(unit.Split('\n'), line => line.Contains("hunter2", StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_many_helpers_the_others_are_counted()
    {
        List<string> lines = ["9 execve(\"/srv/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0", "9 geteuid() = 0"];
        for (int pid = 10; pid < 113; pid++)
        {
            lines.Add($"9 fork() = {pid}");
            lines.Add($"{pid} execve(\"/usr/bin/wc{pid}\", [\"wc\"], 0x7ffe /* 3 vars */) = 0");
            lines.Add($"{pid} openat(AT_FDCWD, \"/etc/shadow\", O_RDONLY) = 3");
        }

        string text = new SudoersExporter().Write(ProfileBuilder.Build(Recording.Of(lines), new GeneralOptions(), Host), new ExportOptions());
        Assert.Equal(100, text.Split("NOPASSWD").Length - 1);
        Assert.Contains("# Left out: 3 more commands; 100 are written.\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_has_names_that_the_kernel_knows_and_is_not_whole_where_names_were_too_many()
    {
        string[] all = [.. ((string[])["execve", "mmap", "munmap", "read", "close", "exit_group"]).Select(call => $"10 {call}() = 0")];
        Assert.DoesNotContain("bogus", Filter([.. all, "10 bogus_1() = 0"]), StringComparison.Ordinal);
        Assert.Contains("SCMP_ACT_ERRNO", Filter(all), StringComparison.Ordinal);
        Assert.Contains("SCMP_ACT_LOG", Filter([.. all, .. Enumerable.Range(0, 1000).Select(number => $"10 bogus_{number}() = 0")]), StringComparison.Ordinal);
    }

    private static string Filter(string[] lines) =>
        new SeccompExporter().Write(ProfileBuilder.Build(Recording.Of(lines), new GeneralOptions(), Host), new ExportOptions());

    private static string Export(string target, params string[] lines) => Exporters.All(Host).Single(exporter => exporter.Name == target)
        .Write(ProfileBuilder.Build(Recording.Of([.. lines, "9 chdir(\"/\") = 0"]), new GeneralOptions(), Host), new ExportOptions());

    private static ImportResult Read(string execution) => Recording.Of(
        "9 execve(\"/srv/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0", "9 geteuid() = 0", "9 fork() = 10",
        $"10 execve(\"{execution}, 0x7ffe /* 3 vars */) = 0", AuditSample.Opened("/etc/shadow"));
}
