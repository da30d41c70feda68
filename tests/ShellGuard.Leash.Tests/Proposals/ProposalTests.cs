using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lint;
using ShellGuard.Leash.Proposals;
using ShellGuard.Leash.Tools;
using ShellGuard.Policy.Diagnostics;
using Xunit;

namespace ShellGuard.Leash.Tests.Proposals;

/// <summary>What a recording becomes. As root on Debian, whose files are hashed.</summary>
public sealed class ProposalTests
{
    [Fact]
    public void A_command_becomes_an_entry_with_hash_and_evidence()
    {
        Proposal proposal = Make(Command("/bin/df", "df -h", 12, ObservedNeeds.UsesNetwork));
        Assert.Contains("# 12 times, first night.strace:7, by /usr/bin/make (user 1000)\n[[whitelist]]\nname = \"df -h\"\n", proposal.Text, StringComparison.Ordinal);
        LeashConfiguration configuration = Read(proposal);
        LeashEntry entry = Assert.Single(configuration.Entries);
        Assert.Equal("/bin/df -h", entry.CommandLine);
        Assert.True(entry is { IsChecked: true, NoExec: true, NoNet: false, ReadOnly: true });
        Assert.Empty(HashList.Drift(configuration));
        Assert.Empty(proposal.Out);
    }

    [Fact]
    public void A_script_brings_the_hash_of_its_interpreter()
    {
        LeashConfiguration configuration = Read(Make(Command("/usr/bin/ldd", "ldd /bin/true", 1)));
        Assert.NotEmpty(configuration.Interpreters);
        Assert.Empty(HashList.Drift(configuration));
    }

    [Theory]
    [InlineData("/bin/bash", "bash", "E1: ")]
    [InlineData("/usr/bin/git", "git log", "E2: ")]
    [InlineData("/lib64/ld-linux-x86-64.so.2", "ld-linux-x86-64.so.2 /bin/ls", "E3: ")]
    [InlineData("/bin/cat", "cat /tmp/list", "E5: ")]
    [InlineData("/usr/bin/xargs", "xargs", "E6: ")]
    [InlineData("/usr/bin/tee", "tee /tmp/out", "E7: ")]
    [InlineData("/bin/nosuch", "nosuch", "cannot be opened")]
    [InlineData("bin/ls", "ls", "does not have its whole path")]
    [InlineData("/bin/../bin/ls", "ls", "does not have its whole path")]
    [InlineData("/bin/ls", "sort x", "under another name, sort")]
    [InlineData("/bin/echo", "echo a|b", "has a blank, a |")]
    public void What_gives_more_than_it_says_is_left_out_with_the_reason(string program, string words, string reason)
    {
        Proposal proposal = Make(Command(program, words, 3), Command("/bin/true", "true", 1));
        Assert.Equal("/bin/true", Assert.Single(Read(proposal).Entries).CommandLine);
        Assert.Contains(reason, Assert.Single(proposal.Out).Reason, StringComparison.Ordinal);
        Assert.Contains("# left out, 3 times: ", proposal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_command_line_can_say_is_left_out()
    {
        ObservedCommand[] commands =
        [
            new("/bin/echo", ["echo", "a b"], 1, "x:1", ["y"]), new("/bin/echo", ["echo", ""], 1, "x:1", ["y"]),
            new("/bin/echo", ["echo", "a\nname = \"evil\""], 1, "x:1", ["y"]), new("/bin/echo", null, 1, "x:1", ["y"]),
            new("/bin/echo", ["echo", "\udc80"], 1, "x:1", ["y"]), new("/bin/echo", ["echo", new string('x', 5000)], 1, "x:1", ["y"]),
        ];
        Proposal proposal = Proposal.Make(commands, "night\n[[whitelist]].audit");
        Assert.Equal((0, 6), (proposal.Entries, proposal.Out.Count));
        Assert.Empty(Read(proposal).Entries);
    }

    [Fact]
    public void Names_are_told_apart_and_can_be_typed()
    {
        LeashConfiguration configuration = Read(Make(
            Command("/bin/echo", "echo x", 2), Command("/usr/bin/echo", "echo x", 1), Command("/bin/echo", "echo \"\\", 1),
            new ObservedCommand("/bin/echo", ["echo", new string('y', 300)], 1, "x:1", ["y"])));
        Assert.Equal(["echo x", "echo x 2", "echo \"\\"], configuration.Entries.Take(3).Select(entry => entry.Name));
        Assert.Equal(4, configuration.Entries.Count);
    }

    [Fact]
    public void A_recording_of_very_many_commands_stays_a_configuration()
    {
        ObservedCommand[] many = [.. Enumerable.Range(0, 5000).Select(i => Command("/bin/echo", $"echo {i} {new string('z', i % 900)}", 1))];
        Proposal proposal = Proposal.Make(many, "many");
        Assert.Equal(many.Length, proposal.Entries + proposal.Out.Count);
        Assert.Equal(proposal.Entries, Read(proposal).Entries.Count);
        Assert.InRange(proposal.Entries, 500, 2000);
    }

    private static ObservedCommand Command(string program, string words, long count, ObservedNeeds needs = ObservedNeeds.Unknown) =>
        new(program, words.Split(' '), count, "night.strace:7", ["/usr/bin/make (user 1000)"]) { Needs = needs };

    private static Proposal Make(params ObservedCommand[] commands) => Proposal.Make(commands, "night.audit");

    private static LeashConfiguration Read(Proposal proposal)
    {
        ConfigurationResult result = ConfigurationReader.Read("/etc/p.toml", Encoding.UTF8.GetBytes(proposal.Text));
        Assert.True(result.Configuration is not null, result.Describe());
        Assert.DoesNotContain(LeashLint.Check(result.Configuration), finding => finding.Diagnostic.Severity == Severity.Error);
        return result.Configuration;
    }
}
