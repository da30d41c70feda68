using ShellGuard.Audit.Export;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Export;

/// <summary>Lines of sudoers and doas.conf for commands that need root.</summary>
public sealed class HelperCommandTests
{
    [Theory]
    [InlineData("passwd -S", false)]
    [InlineData("less /etc/shadow", true)]
    [InlineData("awk {}", true)]
    [InlineData("python3.11 x", true)]
    [InlineData("vim.tiny x", true)]
    [InlineData("hostnamectl status", true)]
    public void What_amounts_to_root_is_a_comment(string command, bool isEscape)
    {
        foreach (IExporter exporter in (IExporter[])[new SudoersExporter(), new DoasExporter()])
        {
            string text = exporter.Write(Profile(command), new ExportOptions { User = "scanner" });
            string name = command.Split(' ')[0];
            string line = Assert.Single(text.Split('\n'), line => line.Contains($"/usr/bin/{name}", StringComparison.Ordinal)
                && line.Contains("scanner", StringComparison.Ordinal));
            Assert.Equal(isEscape, line.StartsWith('#'));
            Assert.Equal(isEscape, text.Contains("# Amounts to root", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_sudoers_has_no_words_for_is_said()
    {
        string text = new SudoersExporter().Write(Profile("passwd "), new ExportOptions { User = "scanner" });
        Assert.Contains("# Left out: sudoers has no words for an empty argument, \"\", or such a program.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("scanner ALL", text, StringComparison.Ordinal);
        Assert.Contains("args \"\"\n", new DoasExporter().Write(Profile("passwd "), new ExportOptions { User = "scanner" }), StringComparison.Ordinal);
    }

    /// <summary>A shell has a helper read the password hashes.</summary>
    private static AccessProfile Profile(string command)
    {
        string[] words = command.Split(' ');
        FakeHost host = new FakeHost().File("/etc/shadow", 0b110_100_000, 42);
        return ProfileBuilder.Build(
            AuditSample.Of(
                "9 execve(\"/srv/scan\", [\"scan\"], 0x7ffe /* 3 vars */) = 0", "9 geteuid() = 0", "9 fork() = 10",
                $"10 execve(\"/usr/bin/{words[0]}\", [{string.Join(", ", words.Select(word => $"\"{word}\""))}], 0x7ffe /* 3 vars */) = 0",
                AuditSample.Opened("/etc/shadow")).Result,
            new GeneralOptions(), host);
    }
}
