using System.Text.RegularExpressions;
using ShellGuard.System.Tests.Audit;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Tutorials;

/// <summary>docs/tutorials/scanner-without-root.md, command by command. What the scanners find depends on the host, how
/// their results differ does not.</summary>
[Collection(HostEtcCollection.Name)]
public sealed class ScannerTests
{
    private const string Page = "docs/tutorials/scanner-without-root.md";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Two_scanners_run_as_an_ordinary_user_under_what_was_learnt()
    {
        using DaemonWorld world = new();
        Account scanner = Account.Of(Identity.Ordinary);
        ExampleFiles.CopyTo("examples/scanner", $"{world.Area.Work}/examples/scanner");
        IReadOnlyList<string> commands = ExampleFiles.Commands(ExampleFiles.Read(
            Page, ("HOME=/srv/scanner", "HOME=/srv/scanner SHELLGUARD_STATE=/srv/scanner/state"), ("USER/scanner", $"USER/{scanner.Name}"),
            ("--user scanner", $"--user {scanner.Name}"), ("=scanner ", $"={scanner.Name} ")));
        Outcome outcome = world.Run($"""
            mount -t tmpfs none /srv
            mkdir /srv/scanner; chown {scanner.Name} /srv/scanner
            layer /etc
            set +e
            {ExampleFiles.Script(commands)}
            """);
        ExampleFiles.AssertEnded(commands, outcome);

        // OpenSCAP: as somebody else it cannot read what sudo is told, with the list it can, and in a cell nobody else's
        // files have a name.
        string[] counts = [.. Regex.Matches(outcome.Output, @"^\d+ checks, .*$", RegexOptions.Multiline, Patience).Select(match => match.Value)];
        Assert.Equal(5, counts.Length);
        Assert.Contains("sudo_remove_nopasswd: pass -> error", outcome.Output, StringComparison.Ordinal);
        Assert.Matches(@"^(\d+) checks, \1 the same, 0 not$", counts[1]);
        string[] inCell = Differences(outcome.Output, counts[2]);
        Assert.NotEmpty(inCell);
        Assert.All(inCell, line => Assert.Matches("^  file_(group)?owner_", line));

        // Lynis: what it skips as somebody else it says itself; the cell changes nothing more.
        Assert.Contains(Differences(outcome.Output, counts[3]), line => line.EndsWith(": done -> skipped", StringComparison.Ordinal));
        Assert.Matches(@"^(\d+) checks, \1 the same, 0 not$", counts[4]);
        Assert.Contains("/etc/lynis/plugins", outcome.Output, StringComparison.Ordinal);

        // OpenSCAP is as expected but for those owners, Lynis in everything; what a cell refuses is the system log.
        string[] denials = [.. outcome.Output.Split('\n').Where(line => line.StartsWith("    /", StringComparison.Ordinal))];
        Assert.NotEmpty(denials);
        Assert.All(denials, line => Assert.Contains(": system-call socket AF_UNIX SOCK_DGRAM: it recorded connect /dev/log", line, StringComparison.Ordinal));
        Assert.DoesNotContain(" new denial", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Output.Split("not verified\n").Length - 1);
        Assert.Equal(1, outcome.Output.Split(" lines missing, ").Length - 1);
        Assert.Contains($"\nverified 1 run as {scanner.Name}\n", outcome.Output, StringComparison.Ordinal);
    }

    private static string[] Differences(string output, string count) =>
        [.. output[(output.IndexOf(count, StringComparison.Ordinal) + count.Length + 1)..].Split('\n').TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))];
}
