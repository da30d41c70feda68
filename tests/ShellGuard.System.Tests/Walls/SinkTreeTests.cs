using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A directory of the host that something else uploads is a sink: what has a label that does not go with it does not
/// come there, neither when it is committed nor by a redirection.</summary>
public sealed class SinkTreeTests
{
    private static string Policy(TestArea area) => Path.GetFullPath(area.Write("../walls.toml", $"""
        extends = "default"
        [tags]
        "secret" = "what stays here"
        "out" = "anybody outside"
        [[resource]]
        name = "vault"
        paths = ["{area.Work}/vault"]
        source = ["secret"]
        [[resource]]
        name = "uploads"
        paths = ["{area.Work}/up"]
        sink = ["out"]
        [[conflict]]
        name = "apart"
        at_most = 1
        of = ["secret", "out"]
        [cell.side]
        label = ["secret"]
        read-only = ["{area.Work}/vault"]
        copy-on-write = ["{area.Work}/up"]
        [cell.plain]
        label = []
        copy-on-write = ["{area.Work}/up"]
        """));

    [Theory, BothIdentities]
    public void Nothing_with_the_label_is_committed_there(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "the canary\n");
        area.Write("up/old", "old\n");
        area.Write("up2/beside", "");
        string policy = Policy(area);
        area.InsideShell(["--policy", policy], """
            side() { shellguard run --in side -- "$@"; }
            side cp vault/file up/copy
            side cp vault/file up2/copy
            side cp vault/file kept
            side mkdir up/the-canary
            side rm up/old
            echo plain > up/plain
            """).Succeed();
        string diff = area.Shellguard("diff");
        Assert.Contains("conflict \"apart\": secret and out, at most 1", diff, StringComparison.Ordinal);

        Outcome commit = area.Untouched(NativeBinary.Path, "commit").EndWith(1);
        Assert.Contains("may not reach uploads", commit.Output + commit.Errors, StringComparison.Ordinal);
        Assert.Contains("way on: another directory", commit.Output + commit.Errors, StringComparison.Ordinal);
        Assert.Equal("old\n", File.ReadAllText($"{area.Work}/up/old"));
        Assert.Equal("plain\n", File.ReadAllText($"{area.Work}/up/plain"));
        Assert.Equal(["old", "plain"], Names($"{area.Work}/up"));
        Assert.Equal("the canary\n", File.ReadAllText($"{area.Work}/kept"));
        Assert.Equal("the canary\n", File.ReadAllText($"{area.Work}/up2/copy"));

        // Named by its path it is refused all the same, and thrown away it can be.
        area.Untouched(NativeBinary.Path, "commit", area.Sessions[0].Split('/')[^1], $"{area.Work}/up/copy").EndWith(1);
        Assert.Equal(["old", "plain"], Names($"{area.Work}/up"));
        area.Shellguard("discard", "--yes");
    }

    [Theory, BothIdentities]
    public void No_output_of_a_side_goes_there(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "the canary\n");
        area.Write("up/old", "old\n");
        string policy = Policy(area);
        string run = $"{NativeBinary.Path} run --policy {policy} --in side -- cat {area.Work}/vault/file";
        Outcome outcome = area.OutsideShell($"{run} > up/out");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("conflict \"apart\"", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal("", File.ReadAllText($"{area.Work}/up/out"));
        area.OutsideShell($"{run} > beside").Succeed();
        Assert.Equal("the canary\n", File.ReadAllText($"{area.Work}/beside"));
    }

    /// <summary>What the policy said is kept with the session: without it nothing with a label is committed.</summary>
    [Theory, BothIdentities]
    public void Without_what_the_policy_said_nothing_with_a_label_is_committed(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("vault/file", "the canary\n");
        area.InsideShell(["--policy", Policy(area)], "shellguard run --in side -- cp vault/file kept; echo plain > plain").Succeed();
        string walls = $"{area.Sessions[0]}/walls.json";
        string said = File.ReadAllText(walls);
        File.WriteAllText(walls, said[..(said.Length / 2)]);
        Outcome damaged = area.Untouched(NativeBinary.Path, "commit").EndWith(1);
        Assert.Contains("cannot be read", damaged.Output + damaged.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Work}/kept"));
        File.Delete(walls);
        Outcome missing = area.Untouched(NativeBinary.Path, "commit").EndWith(1);
        Assert.Contains("only discard is left", missing.Output + missing.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Work}/kept"));
        Assert.Equal("plain\n", File.ReadAllText($"{area.Work}/plain"));
        File.WriteAllText(walls, said);
        area.Own();
        area.Untouched(NativeBinary.Path, "commit").Succeed();
        Assert.Equal("the canary\n", File.ReadAllText($"{area.Work}/kept"));
    }

    private static IEnumerable<string> Names(string directory) =>
        Directory.GetFileSystemEntries(directory).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);
}
