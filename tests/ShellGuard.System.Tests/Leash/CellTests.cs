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

    [Fact]
    public void A_program_that_others_could_exchange_runs_in_no_cell()
    {
        using LeashArea leash = new(Identity.Ordinary);
        string tool = leash.Area.Write("tool", "#!/bin/sh\necho ran\n");
        File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        leash.Configure(Policy + LeashArea.Entry("x", tool, "sandbox = 'policy'"));
        Outcome run = leash.Line("x");
        Assert.Equal(("", 126), (run.Output, run.Status));
        Assert.StartsWith("cannot be run as the entry says: in a cell, but ", run.Errors, StringComparison.Ordinal);
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
}
