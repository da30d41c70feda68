using ShellGuard.Core.Flow;

namespace ShellGuard.Core.Tests.Flow;

public sealed class TagSetTests
{
    /// <summary>Beside sets of numbers, with the borders of the words among them.</summary>
    [Fact]
    public void It_is_a_set()
    {
        Random random = new(20_260_101);
        int[] borders = [0, 63, 64, 127, 128, 191, 192, 255];
        for (int round = 0; round < 500; round++)
        {
            int[] left = Draw(), right = Draw();
            TagSet one = Of(left), other = Of(right);
            Assert.Equal(left.Union(right).Order(), Numbers(one | other));
            Assert.Equal(left.Intersect(right).Order(), Numbers(one & other));
            Assert.Equal(left.Except(right).Order(), Numbers(one.Except(other)));
            Assert.Equal(left.Intersect(right).Any(), one.Overlaps(other));
            Assert.Equal(!left.Except(right).Any(), one.IsSubsetOf(other));
            Assert.Equal(left.Distinct().Count(), one.Count);
            Assert.Equal(left.Length == 0, one.IsEmpty);
            Assert.Equal(left.ToHashSet().SetEquals(right), one == other);
            Assert.All(borders, number => Assert.Equal(left.Contains(number), one.Contains(new Tag(number))));
        }

        int[] Draw() => [.. Enumerable.Range(0, random.Next(6)).Select(_ =>
            random.Next(2) == 0 ? borders[random.Next(borders.Length)] : random.Next(TagSet.Capacity))];
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(TagSet.Capacity)]
    public void A_tag_too_many_is_refused_and_not_lost(int number) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TagSet.Of(new Tag(number)));

    [Fact]
    public void A_policy_has_as_many_tags_as_fit_with_its_gates()
    {
        TagUniverse full = new(Enumerable.Range(0, TagSet.Capacity).Select(number => $"tag {number}"));
        Gate gate = new("gate", GateKind.Filter, full.Set("tag 1"), full.Set("tag 2"), 1, RuleSource.CommandLine("--gate"));
        Assert.True(new FlowPolicy(full, [], [], false).Marks.IsEmpty);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowPolicy(full, [], [gate], false));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new TagUniverse(Enumerable.Range(0, TagSet.Capacity + 1).Select(number => $"tag {number}")));
        Assert.Throws<ArgumentException>(() => new TagUniverse(["twice", "twice"]));
    }

    [Fact]
    public void Names_are_found_again()
    {
        TagUniverse universe = new(["a", "b"]);
        Assert.True(universe.TryFind("b", out Tag tag));
        Assert.Equal("b", universe.NameOf(tag));
        Assert.False(universe.TryFind("c", out _));
        Assert.Equal(TagSet.Of(tag), universe.Set("b"));
    }

    [Fact]
    public void A_mark_has_a_name_of_its_own()
    {
        RuleSource rule = RuleSource.CommandLine("--gate");
        TagUniverse tags = new(["a", "b", "a/gate"]);
        FlowPolicy Policy(params string[] gates) => new(
            tags, [], gates.Select(name => new Gate(name, GateKind.Filter, tags.Set("a"), tags.Set("b"), 1, rule)), false);

        FlowPolicy policy = Policy("count", "mean");
        foreach (string name in (string[])["a", "b", "a/count", "a/mean"])
        {
            Assert.True(policy.TryFind(name, out Tag tag));
            Assert.Equal(name, policy.NameOf(tag));
        }

        Assert.False(policy.TryFind("b/count", out _));
        Assert.Throws<ArgumentException>(() => Policy("gate"));
        Assert.Throws<ArgumentException>(() => Policy("count", "count"));
    }

    private static TagSet Of(int[] numbers) => TagSet.Of([.. numbers.Select(number => new Tag(number))]);

    private static IEnumerable<int> Numbers(TagSet set) => set.Select(tag => tag.Number);
}
