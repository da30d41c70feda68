using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary><c>--strict</c>: not even the one bit of an exit status, and no label that grows.</summary>
public sealed class StrictTests
{
    private const string Policy = """
        extends = "default"
        [tags]
        "secret" = "what stays here"
        [[resource]]
        name = "vault"
        net = ["127.0.0.1:1"]
        source = ["secret"]
        [cell.side]
        label = ["secret"]
        net = ["127.0.0.1:1"]
        """;

    [Theory, BothIdentities]
    public void An_exit_status_tells_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        string script = "for status in 0 1 77; do shellguard run --in side -- sh -c \"exit $status\"; echo $?; done; false; echo $?";
        Assert.Equal("0\n0\n0\n1\n", area.InsideShell(["--strict", "--policy", policy], script).Succeed().Output);
        Assert.Equal("0\n1\n1\n1\n", area.InsideShell(["--policy", policy], script).Succeed().Output);
    }

    /// <summary>Without it, a command runs where its files are, and so tells whether there are any.</summary>
    [Theory, BothIdentities]
    public void Names_of_a_sides_files_tell_nothing(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        const string script = """
            shellguard run --in side -- touch made
            for name in made unmade; do cat $name > /dev/null 2>&1; echo $?; done
            """;
        Assert.Equal("1\n1\n", area.InsideShell(["--strict", "--policy", policy], script).Succeed().Output);
        Assert.Equal("0\n1\n", area.InsideShell(["--policy", policy], script).Succeed().Output);
    }

    /// <summary>Whether a filter was content is a bit as well; what does not pass is missing all the same.</summary>
    [Theory, BothIdentities]
    public void A_gate_tells_nothing_but_what_passes(Identity identity)
    {
        using GateWorld gates = new(identity) { Strict = true };
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        gates.AddFilter("failing", "cat > /dev/null; exit 3", "integer 0..1000000");
        gates.AddFilter("liar", "exec cat", "integer 0..1000000");
        Outcome outcome = gates.Lobby("""
            for gate in count failing liar; do psql -Atc 'select name from customers' | $gate; echo "$gate ${PIPESTATUS[*]}"; done
            """);
        Assert.Equal("3\ncount 0 0\nfailing 0 0\nliar 0 0\n", outcome.Succeed().Output);
        Assert.DoesNotContain(CustomerWorld.Secret, outcome.Output + outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_cell_that_may_get_sources_later_is_refused(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Inside(["--strict", "--policy", "chinese-wall"], "/bin/true").EndWith(125);
        Assert.Contains("[cell.desk] may get sources later", outcome.Errors, StringComparison.Ordinal);
        area.Inside(["--strict"], "/bin/true").EndWith(125);
    }
}
