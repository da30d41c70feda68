using ShellGuard.Core.Flow;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>Proof by search: random traces of the model beside its oracles.</summary>
public sealed class SearchTests
{
    private const int Traces = 200_000;

    /// <summary>Every rule has been missed long before; a rule that this many traces do not miss has no reason.</summary>
    private const int MostForMutation = 60_000;

    [Fact]
    public void Nothing_leaks_and_every_refusal_has_a_reason()
    {
        (string? Finding, int Done, int Refused)[] walks = [.. ParallelEnumerable.Range(1, Traces).Select(Walk)];
        Assert.Empty(walks.Select(walk => walk.Finding).OfType<string>().Take(3));

        long done = walks.Sum(walk => (long)walk.Done);
        long refused = walks.Sum(walk => (long)walk.Refused);
        int longest = walks.Max(walk => walk.Done + walk.Refused);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Traces} traces, {done} operations done, {refused} refused");

        // The search is worth something only if much happens and much is refused.
        Assert.True(done > Traces * 20L && refused > Traces * 5L && longest > Trace.Longest * 8 / 10, $"{done} {refused} {longest}");
    }

    public static TheoryData<string> Rules => [.. Enum.GetNames<FlowRule>()];

    /// <summary>Every rule there is, so that a new one that no trace needs fails.</summary>
    [Theory]
    [MemberData(nameof(Rules))]
    public void A_model_without_a_rule_is_found_out(string rule) =>
        Assert.NotNull(FirstFinding(Watch.Consequences, Enum.Parse<FlowRule>(rule)));

    /// <summary>The ground truth is not empty: bytes alone give away what keeps bytes in.</summary>
    [Theory]
    [InlineData(nameof(FlowRule.SourcesMeetConflicts))]
    [InlineData(nameof(FlowRule.SinksMeetConflicts))]
    [InlineData(nameof(FlowRule.SourcesRunOn))]
    [InlineData(nameof(FlowRule.ChildInheritsHistory))]
    [InlineData(nameof(FlowRule.MailboxJoins))]
    [InlineData(nameof(FlowRule.StatusOnlyUpwards))]
    [InlineData(nameof(FlowRule.GateKeepsOtherTags))]
    [InlineData(nameof(FlowRule.GateMarks))]
    [InlineData(nameof(FlowRule.MarksCountElsewhere))]
    public void Without_a_rule_that_keeps_them_in_bytes_get_out(string rule) =>
        Assert.Equal(FindingKind.Leak, FirstFinding(Watch.Bytes, Enum.Parse<FlowRule>(rule))?.Kind);

    private static (string? Finding, int Done, int Refused) Walk(int seed)
    {
        Trace trace = new((ulong)seed);
        return (trace.Run() is { } finding ? $"seed {seed}: {finding}" : null, trace.Done.Count, trace.Refused);
    }

    private static Finding? FirstFinding(Watch watch, FlowRule without)
    {
        for (int seed = 1; seed <= MostForMutation; seed++)
        {
            if (new Trace((ulong)seed, watch, without).Run() is { } finding)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {finding}");
                return finding;
            }
        }

        return null;
    }
}
