using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>A cell around each stage.</summary>
public sealed class CellTests
{
    private const string Policy = "[leash]\npolicy = \"default\"\n";

    [Theory]
    [BothIdentities]
    public void What_a_pipeline_changes_stays_in_its_cell(Identity identity)
    {
        using LeashArea leash = new(identity);
        leash.Configure(
            Policy
            + LeashArea.Entry("held", $"/usr/bin/touch {leash.Area.Work}/new", $"sandbox = 'policy'\ncwd = '{leash.Area.Work}'")
            + LeashArea.Entry("free", $"/usr/bin/touch {leash.Area.Work}/new", $"cwd = '{leash.Area.Work}'"));
        leash.Line("held");
        Assert.False(File.Exists($"{leash.Area.Work}/new"));
        Assert.Equal(0, leash.Line("free").Status);
        Assert.True(File.Exists($"{leash.Area.Work}/new"));
    }

    [Theory]
    [BothIdentities]
    public void Stages_are_joined_and_their_statuses_count(Identity identity)
    {
        using Greeter greeter = new("hello");
        using LeashArea leash = new(identity);
        string script = leash.Write(
            "net.py", $"import socket\nprint(socket.create_connection(('127.0.0.1', {greeter.Port})).recv(9))\n", 0b110_100_100);
        leash.Configure(
            Policy + LeashArea.Entry("joined", "/bin/echo one two | /usr/bin/wc -w", "sandbox = 'policy'")
            + LeashArea.Entry("failed", "/bin/false | /bin/true", "sandbox = 'policy'")
            + LeashArea.Entry("net", $"/usr/bin/python3 {script}", "sandbox = 'policy'"));
        Assert.Equal("2\n", leash.Line("joined").Succeed().Output);
        Assert.Equal(1, leash.Line("failed").Status);
        Assert.NotEqual(0, leash.Line("net").Status);
        Assert.Equal(0, greeter.Greeted);
    }

    [Theory]
    [BothIdentities]
    public void All_stages_are_in_one_cell_with_real_pipes(Identity identity)
    {
        using LeashArea leash = new(identity);
        string tool = leash.Write(
            "where", "#!/bin/sh\ncat; readlink /proc/self/ns/pid /proc/self/ns/net; readlink /proc/self/fd/0 | cut -c 1-5\n", 0b111_101_101);
        leash.Configure(Policy + LeashArea.Entry("where", $"{tool} | {tool}", "sandbox = 'policy'\nstdin = 'null'"));
        string[] seen = leash.Line("where").Succeed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6, seen.Length);
        Assert.Equal(seen[..2], seen[3..5]);
        Assert.Equal(["/dev/", "pipe:"], [seen[2], seen[5]]);
        Assert.NotEqual(File.ReadAllText("/proc/self/cmdline"), seen[0]);
        string own = Programs.Run("/usr/bin/readlink", "/proc/self/ns/pid").Output.Trim();
        Assert.NotEqual(own, seen[0]);

        // The leash's own session, and one of one cell.
        Assert.Equal(2, leash.Area.Sessions.Count);
    }

    [Theory]
    [BothIdentities]
    public void What_was_checked_is_what_runs_also_where_others_can_write(Identity identity)
    {
        using LeashArea leash = new(identity);
        string tool = leash.Area.Write("tool", "#!/bin/sh\necho genuine \"$@\"\n");
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        string rest = $"sandbox = 'policy'\nintegrity = ['{LeashArea.Hash(tool)}', '{LeashArea.Hash("/bin/cat")}']";
        leash.Configure(
            Policy + LeashArea.Entry("x", $"{tool} a | /bin/cat", rest)
            + $"[interpreters]\n'/bin/sh' = '{LeashArea.Hash("/bin/sh")}'\n");
        Assert.Equal("genuine a\n", leash.Line("x").Succeed().Output);
        File.WriteAllText(tool, "#!/bin/sh\necho EVIL\n");
        Outcome swapped = leash.Line("x");
        Assert.Equal(("", 126), (swapped.Output, swapped.Status));
        Assert.StartsWith($"invalid checksum for {tool}: ", swapped.Errors, StringComparison.Ordinal);
    }

    /// <summary>What a program holds of itself leads to no file of the host that it could change.</summary>
    [Theory]
    [BothIdentities]
    public void A_program_cannot_change_the_host_through_its_own_file(Identity identity)
    {
        using LeashArea leash = new(identity);
        string change = leash.Write("change.py", "import os\nfor path in ('/proc/self/exe', '/proc/self/fd/3'):\n    try:\n        os.fchmod(os.open(path, os.O_RDONLY), 0o777)\n        print('changed')\n    except OSError as e:\n        print('refused')\n", 0b110_100_100);
        string python = Path.GetFullPath(Programs.Run("/usr/bin/realpath", "/usr/bin/python3").Output.Trim());
        string copy = $"{leash.Root}/python";
        File.Copy(python, copy);
        File.SetUnixFileMode(copy, (UnixFileMode)0b111_101_101);
        string script = leash.Write("script", $"#!{copy}\n{File.ReadAllText(change)}", 0b111_101_101);
        leash.Configure(Policy + LeashArea.Entry("x", script, "sandbox = 'policy'"));
        Assert.Equal(identity == Identity.Root ? "changed\nchanged\n" : "refused\nrefused\n", leash.Line("x").Succeed().Output);
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(copy));
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(script));
    }

    [Fact]
    public void One_limit_holds_for_the_whole_pipeline()
    {
        using LeashArea leash = new(Identity.Root);
        string policy = leash.Write("policy.toml", "extends = 'default'\n[limits]\nprocesses = 8\n", 0b110_100_100);
        string tool = leash.Write(
            "many.py", "import os, sys, time\nn = 0\nfor i in range(6):\n    try:\n        if os.fork() == 0:\n            time.sleep(5)\n            os._exit(0)\n        n += 1\n    except OSError:\n        pass\nsys.stderr.write('%d\\n' % n)\nsys.stderr.flush()\ntime.sleep(1)\n", 0b110_100_100);
        leash.Configure(
            $"[leash]\npolicy = '{policy}'\n"
            + LeashArea.Entry("x", $"/usr/bin/python3 {tool} | /usr/bin/python3 {tool}", "sandbox = 'policy'"));
        int forked = leash.Line("x").Errors.Split('\n').Where(line => int.TryParse(line, out _)).Sum(line => int.Parse(line, global::System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(forked, 1, 7);
    }

    [Fact]
    public void A_person_at_a_terminal_ends_a_pipeline_in_its_cell()
    {
        using LeashArea leash = new(Identity.Ordinary, Policy
            + LeashArea.Entry("wait", "/bin/sleep 246810 | /bin/sleep 246810", "sandbox = 'policy'")
            + LeashArea.Entry("upper", "/bin/cat | /usr/bin/tr a-z A-Z", "sandbox = 'policy'"));
        using TerminalDriver terminal = new(
            leash.Area, ["/usr/bin/env", $"SHELLGUARD_STATE={leash.Area.State}", leash.Program, "--config", leash.Configuration]);
        terminal.WaitFor("|x|>");
        terminal.Line("upper");
        Programs.WaitUntil(() => Running("/usr/bin/tr\0a-z\0A-Z\0") == 1, "the pipeline");
        terminal.Line("typed");
        terminal.Press("C-d");
        terminal.WaitForLine("TYPED");
        terminal.WaitFor(screen => screen.EndsWith("|x|>", StringComparison.Ordinal), "the next prompt");
        terminal.Line("wait");
        Programs.WaitUntil(() => Running("/bin/sleep\0246810\0") == 2, "the sleeping pipeline");
        terminal.Press("C-c");
        Programs.WaitUntil(() => Running("/bin/sleep\0246810\0") == 0, "its end");
        terminal.WaitFor(screen => screen.EndsWith("|x|>", StringComparison.Ordinal), "the next prompt");
        terminal.Press("C-d");
        Assert.Equal(130, terminal.WaitForEnd());
    }

    [Fact]
    public void A_time_out_and_a_reader_that_is_gone_end_what_runs_in_a_cell()
    {
        using LeashArea leash = new(Identity.Ordinary, Policy
            + LeashArea.Entry("slow", "/bin/sleep 1000 | /bin/sleep 1000", "sandbox = 'policy'\ntimeout = '2s'")
            + LeashArea.Entry("yes", "/usr/bin/yes | /usr/bin/head -n 1", "sandbox = 'policy'")
            + LeashArea.Entry("strict", "/usr/bin/yes | /usr/bin/head -n 1", "sandbox = 'policy'\npipefail = 'strict'"));
        Assert.Equal(143, leash.Line("slow").Status);
        Assert.Equal("y\n", leash.Line("yes").Succeed().Output);
        Assert.Equal(141, leash.Line("strict").Status);
    }

    [Fact]
    public void A_pipeline_runs_in_the_cell_that_it_names()
    {
        using LeashArea leash = new(Identity.Root);
        Directory.CreateDirectory($"{leash.Root}/data");
        string secret = leash.Write("data/secret", "of the customers\n", 0b110_100_100);
        string policy = leash.Write(
            "walls.toml",
            $"""
            extends = "default"
            [tags]
            "customers" = "rows"
            "net:internet" = "anybody"
            [[resource]]
            name = "rows"
            paths = ["{leash.Root}/data"]
            source = ["customers"]
            [[resource]]
            name = "internet"
            net = ["example.org:443"]
            sink = ["net:internet"]
            [[conflict]]
            name = "customer data"
            at_most = 1
            of = ["customers", "net:internet"]
            [cell.data]
            label = ["customers"]
            read-only = ["{leash.Root}/data"]
            [cell.web]
            net = ["example.org:443"]
            """,
            0b110_100_100);
        leash.Configure(
            $"[leash]\npolicy = '{policy}'\n"
            + LeashArea.Entry("data", $"/bin/cat {secret}", "sandbox = 'policy'\ncell = 'data'")
            + LeashArea.Entry("web", $"/bin/cat {secret}", "sandbox = 'policy'\ncell = 'web'")
            + LeashArea.Entry("none", $"/bin/cat {secret}", "sandbox = 'policy'"));
        Assert.Equal("of the customers\n", leash.Line("data").Succeed().Output);
        Assert.Equal("", leash.Line("web").Output);
        Outcome none = leash.Line("none");
        Assert.Equal(125, none.Status);
        Assert.Contains("in one of its cells", none.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "sandbox = 'policy'", "a cell needs a policy")]
    [InlineData(Policy, "sandbox = 'policy'\nnoexec = true", "in a cell its policy says what is restricted")]
    [InlineData("[leash]\npolicy = 'mine.toml'\n", "sandbox = 'policy'", "neither a preset nor a path from the root")]
    public void What_cannot_be_held_is_a_mistake(string settings, string rest, string problem)
    {
        using LeashArea leash = new(Identity.Ordinary, settings + LeashArea.Entry("x", "/bin/true", rest));
        Outcome run = leash.Line("x");
        Assert.Equal(78, run.Status);
        Assert.Contains(problem, run.Errors, StringComparison.Ordinal);
    }

    private static int Running(string command) => Directory.GetDirectories("/proc")
        .Count(path => char.IsAsciiDigit(path[6]) && Leftovers.Read($"{path}/cmdline") == command);
}
