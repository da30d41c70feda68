using ShellGuard.Cells.Walls;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Cells.Tests.Walls;

public sealed class CommittedLabelsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("shellguard-labels-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_written_down_is_read_and_joined_by_path()
    {
        CommittedLabels empty = CommittedLabels.Load(_root);
        Assert.Empty(empty.All);
        Assert.True(empty.Add(new CommittedLabel("/home/ann/out \u001b.csv", ["db"], "s1")));
        Assert.True(empty.Add(new CommittedLabel("/home/ann/out \u001b.csv", ["web"], "s2")));
        CommittedLabel one = Assert.Single(CommittedLabels.Load(_root).All);
        Assert.Equal("/home/ann/out \u001b.csv", one.Path);
        Assert.Equal(["db", "web"], one.Tags);
    }

    [Fact]
    public void A_damaged_file_is_no_empty_one()
    {
        File.WriteAllText($"{_root}/labels.jsonl", "{\"path\": 3}\n");
        Assert.Throws<IOException>(() => CommittedLabels.Load(_root));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("db", false)]
    [InlineData("web", true)]
    public void It_is_hidden_from_whoever_has_not_all_of_its_label(string label, bool isHidden)
    {
        CommittedLabels.Load(_root).Add(new CommittedLabel("/home/ann/out.csv", ["db"], "s1"));
        TagUniverse universe = new(["db", "web"]);
        EffectivePolicy policy = PolicyWith(new WallRules(new FlowPolicy(universe, [], [], strict: false), [], []));
        TagSet tags = label.Length == 0 ? TagSet.Empty : universe.Set(label);
        Assert.Equal(
            isHidden,
            CommittedLabels.Load(_root).HiddenFrom(policy, tags).Paths
                .Any(rule => rule is { Path: "/home/ann/out.csv", Mode: PathMode.Hidden }));
    }

    [Fact]
    public void A_tag_that_the_policy_does_not_know_is_in_nobodys_label()
    {
        CommittedLabels.Load(_root).Add(new CommittedLabel("/home/ann/out.csv", ["forgotten"], "s1"));
        Assert.Contains(
            CommittedLabels.Load(_root).HiddenFrom(PolicyWith(null), TagSet.Empty).Paths,
            rule => rule is { Path: "/home/ann/out.csv", Mode: PathMode.Hidden });
    }

    [Fact]
    public void Whoever_names_the_very_path_has_decided()
    {
        CommittedLabels.Load(_root).Add(new CommittedLabel("/home/ann/out.csv", ["db"], "s1"));
        PathRule named = new("/home/ann/out.csv", PathMode.ReadOnly, IsGlob: false, RuleSource.CommandLine("--ro"));
        EffectivePolicy policy = PolicyWith(null) with { Paths = [named] };
        Assert.Equal([named], CommittedLabels.Load(_root).HiddenFrom(policy, TagSet.Empty).Paths);
    }

    private static EffectivePolicy PolicyWith(WallRules? walls) => new(
        "test", [], new NetworkRules([], "test"), new EnvironmentRules([], new Dictionary<string, string>()), Limits.None)
    {
        Walls = walls,
    };
}
