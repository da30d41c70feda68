using System.Globalization;
using System.Text.RegularExpressions;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>A denial is said where the person is, and nowhere else; what it names leads on.</summary>
public sealed partial class DenialTests
{
    [Theory, BothIdentities]
    public void The_line_names_rule_and_number_and_why_names_a_way_on_that_leads_on(Identity identity)
    {
        using TestArea area = Make(identity, out string policy);
        using (TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--policy", policy], 200, "/bin/bash", "-c", "(echo x > closed/file; cat secret) 2> /dev/null; read end"))
        {
            terminal.WaitFor(
                $"shellguard: denied: bash: write {area.Work}/closed/file ({policy}:3) - shellguard why 1");
            terminal.WaitFor($"shellguard: denied: cat: read {area.Work}/secret ({policy}:4) - shellguard why 2");
            terminal.Press("Enter");
            terminal.WaitForEnd();
        }

        string write = area.Shellguard("why", "1");
        foreach (string part in (string[])
            [$"write {area.Work}/closed/file", "/bash (pid ", $"{policy}:3:", $"read-only = \"{area.Work}/closed\""])
        {
            Assert.Contains(part, write, StringComparison.Ordinal);
        }

        string read = area.Shellguard("why", "2");
        Assert.Matches(@"by +\S*/cat \(pid \d+\)\nunder +\S*/bash \(pid \d+\)", read);
        Assert.Contains($"{policy}:4:", read, StringComparison.Ordinal);
        Assert.Contains($"hide = \"{area.Work}/secret\"", read, StringComparison.Ordinal);

        area.InsideShell(["--policy", policy, .. WayOn(write)], "echo x > closed/file && cat closed/file").Succeed();
        Assert.Equal(
            "the secret", area.InsideShell(["--policy", policy, .. WayOn(read)], "cat secret").Succeed().Output);
        Assert.False(File.Exists($"{area.Work}/closed/file"), "the change is in the layer");
    }

    [Theory, BothIdentities]
    public void A_connection_that_nobody_was_asked_about_is_allowed_by_the_flag_that_why_names(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        string fetch = $"head -n 1 < /dev/tcp/127.0.0.1/{greeter.Port}";
        area.InsideShell(["--net-ask", $"127.0.0.1:{greeter.Port}"], fetch).EndWith(1);
        string why = area.Shellguard("why");
        Assert.Contains($"connect 127.0.0.1:{greeter.Port}/tcp", why, StringComparison.Ordinal);
        Assert.Equal("welcome\n", area.InsideShell(WayOn(why), fetch).Succeed().Output);
    }

    [Theory, BothIdentities]
    public void A_pipe_gets_no_byte_of_it(Identity identity)
    {
        using TestArea area = Make(identity, out string policy);
        string guarded = string.Join(' ', TestArea.GuardedWordsHere(
            ["--policy", policy], "/bin/bash", "-c", "'echo before; (echo x > closed/file) 2> /dev/null; echo after'"));
        using TerminalDriver terminal = new(
            area, ["/bin/bash", "-c", $"{guarded} | cat > piped; echo status $?; read end"], 200);
        string screen = terminal.WaitForLine("status 0");
        Assert.Contains($"({policy}:3) - shellguard why 1", screen, StringComparison.Ordinal);
        Assert.Equal("before\nafter\n", File.ReadAllText($"{area.Work}/piped"));
    }

    [Theory, BothIdentities]
    public void A_burst_is_summed_up(Identity identity)
    {
        using TestArea area = Make(identity, out string policy);
        const string Burst = "(for i in {1..50}; do echo x > closed/$i; done) 2> /dev/null; ";
        using TerminalDriver waits = TerminalDriver.Guarded(area, ["--policy", policy], 200, "/bin/bash", "-c", $"{Burst}read end");
        waits.WaitFor(screen => Said(screen) == 50, "every denial, or their number");
        Assert.InRange(Line().Count(waits.Screen), 5, 49);
        waits.Press("Enter");
        waits.WaitForEnd();
        Assert.Equal(50, area.Shellguard("log", "--denied").Split(" denied: ").Length - 1);

        // The end comes before it would be time for a summary.
        string guarded = string.Join(' ', TestArea.GuardedWordsHere(["--policy", policy], "/bin/bash", "-c", $"'{Burst}'"));
        using TerminalDriver ends = new(area, ["/bin/bash", "-c", $"{guarded}; read end"], 200);
        ends.WaitFor(screen => Said(screen) == 50, "every denial, or their number");
    }

    private static TestArea Make(Identity identity, out string policy)
    {
        TestArea area = new(identity);
        area.Write("secret", "the secret");
        area.Write("closed/there", "");
        policy = $"{area.Home}/own.toml";
        File.WriteAllText(policy, $"""
            extends = "default"
            [files]
            read-only = ["{area.Work}/closed"]
            hide = ["{area.Work}/secret"]
            """);
        area.Own();
        return area;
    }

    /// <summary>The words of the flag that why names.</summary>
    private static string[] WayOn(string why) =>
        why.Split('\n').Single(line => line.StartsWith("way on", StringComparison.Ordinal))["way on".Length..].Trim().Split(' ');

    /// <summary>How many denials the terminal tells of.</summary>
    private static int Said(string screen) => Line().Count(screen)
        + Summary().Matches(screen).Sum(match => int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^shellguard: denied: .* - shellguard why \d+", RegexOptions.Multiline, 1000)]
    private static partial Regex Line();

    [GeneratedRegex(@"^shellguard: (?<count>\d+) more denials?: shellguard log --denied", RegexOptions.Multiline, 1000)]
    private static partial Regex Summary();
}
