using System.Diagnostics;
using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Streams;

/// <summary>Exit statuses and signals pass through; 125 is ShellGuard's own, 126 and 127 as in a shell.</summary>
public sealed class StatusTests
{
    [Theory, BothIdentities]
    public void Exit_statuses_pass(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (int status in (int[])[0, 1, 2, 42, 77, 124, 125, 126, 127, 128, 129, 200, 254, 255])
        {
            area.Inside("/bin/sh", "-c", $"exit {status.ToString(CultureInfo.InvariantCulture)}").EndWith(status);
        }
    }

    [Theory, BothIdentities]
    public void A_signal_that_ends_the_command_is_128_and_its_number(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (int signal in (int[])[1, 2, 3, 6, 9, 11, 13, 14, 15])
        {
            area.Inside("/bin/sh", "-c", $"kill -{signal.ToString(CultureInfo.InvariantCulture)} $$")
                .EndWith(128 + signal);
        }
    }

    [Theory, BothIdentities]
    public void What_cannot_run_is_as_in_a_shell(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("text", "not a program\n");
        Assert.Contains("no-such-program", area.Inside("no-such-program").EndWith(127).Errors, StringComparison.Ordinal);
        Assert.Contains("./text", area.Inside("./text").EndWith(126).Errors, StringComparison.Ordinal);
        Assert.Contains("./nowhere", area.Inside("./nowhere").EndWith(127).Errors, StringComparison.Ordinal);
        area.Inside(area.Work).EndWith(126);
    }

    /// <summary>A policy's mistakes are all shown, each with its line and a caret; everything else is a line, and maybe an example.</summary>
    [Theory, BothIdentities]
    public void A_mistake_in_the_call_is_125_with_its_reason_and_nothing_runs(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("bad.toml", "[files]\nhide = 7\ncwo = [\"/x\"]\n");
        area.Write("binary.toml", "\0\u0001\ufffe");
        area.Write("deep.toml", $"x = {new string('[', 100_000)}");
        area.Write("loop.toml", "extends = \"./loop.toml\"\n");
        Directory.CreateSymbolicLink($"{area.Work}/circle", "circle");
        foreach ((string line, string reason) in Mistakes)
        {
            Outcome outcome = area.Inside(line.Split(' ').Select(word => word.Replace('_', ' ')).ToArray(), "/bin/sh", "-c", "echo ran").EndWith(125);
            Assert.Equal("", outcome.Output);
            Assert.True(outcome.Errors.Contains(reason, StringComparison.Ordinal), $"{line}: {outcome.Errors}");
            Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("inside, which", outcome.Errors, StringComparison.Ordinal);
            Assert.InRange(outcome.Errors.Count(letter => letter == '\n'), 1, line.Contains("bad.toml", StringComparison.Ordinal) ? 8 : 3);
        }
    }

    private static readonly (string Line, string Reason)[] Mistakes =
    [
        ("--policy nowhere.toml", "nowhere.toml"),
        ("--policy .", "there is no preset '.'"),
        ("--policy ./", "not readable, or a directory"),
        ("--policy ./circle", "circle: cannot be read"),
        ("--policy /dev/null/x", "/dev/null/x"),
        ("--policy bad.toml", "cwo"),
        ("--policy binary.toml", "binary.toml:1"),
        ("--policy deep.toml", "deep.toml"),
        ("--policy loop.toml", "loop.toml"),
        ("--policy", "--policy"),
        ("--net a_b:1", "a b"),
        ("--net host", "port"),
        ("--net host:0", "port"),
        ("--net host:70000", "from 1 to 65535"),
        ("--net 300.1.1.1:80", "300.1.1.1"),
        ("--net 10.0.0.0/33:80", "prefix length"),
        ("--net host:80/sctp", "HOST:PORT"),
        ("--cow /nowhere/x/..", "/nowhere"),
        ("--cow /proc", "/proc is always the cell's own"),
        ("--direct /dev/sda", "/dev is always the cell's own"),
        ("--memory many", "many"),
        ("--processes -1", "-1"),
        ("--wall-time 1y", "8h"),
        ("--env =x", "variable"),
        ("--nonsense", "--nonsense"),
        ("-z", "-z"),
    ];

    [Theory, BothIdentities]
    public void A_signal_to_the_session_reaches_the_command(Identity identity)
    {
        using TestArea area = new(identity);
        using Process session = area.StartInside(
            [], "/bin/bash", "-c", "trap 'echo caught; exit 9' TERM; echo ready; while :; do sleep 0.1; done");
        Assert.Equal("ready", session.StandardOutput.ReadLine());
        Programs.Run("kill", "-TERM", session.Id.ToString(CultureInfo.InvariantCulture)).Succeed();
        Assert.Equal("caught", session.StandardOutput.ReadLine());
        Assert.True(session.WaitForExit(Programs.Patience));
        Assert.Equal(9, session.ExitCode);
    }

    [Theory, BothIdentities]
    public void What_is_left_in_the_background_ends_with_the_command(Identity identity)
    {
        using TestArea area = new(identity);
        Stopwatch watch = Stopwatch.StartNew();
        Outcome outcome = area.InsideShell([], "sleep 600 & setsid sleep 601 & disown -a; echo done").Succeed();
        Assert.Equal("done\n", outcome.Output);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "the session waited for what was left behind");
    }
}
