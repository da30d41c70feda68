using System.Globalization;
using ShellGuard.Core.Flow;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>Proof by search: random traces of the model beside its oracles. The environment variable
/// SHELLGUARD_FLOW_TRACES says how many; 200000 is the full form, the default is the short one.</summary>
public sealed class SearchTests
{
    private const int ShortForm = 20_000;

    /// <summary>Every rule has been missed long before; a rule that this many traces do not miss has no reason.</summary>
    private const int MostForMutation = 60_000;

    private static int Traces => int.TryParse(
        Environment.GetEnvironmentVariable("SHELLGUARD_FLOW_TRACES"), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? count
        : ShortForm;

    [Fact]
    public void Nothing_leaks_and_every_refusal_has_a_reason()
    {
        long done = 0, refused = 0, longest = 0;
        for (int seed = 1; seed <= Traces; seed++)
        {
            Trace trace = new((ulong)seed);
            Finding? finding = trace.Run();
            Assert.True(finding is null, $"seed {seed}: {finding}");
            done += trace.Done.Count;
            refused += trace.Refused;
            longest = Math.Max(longest, trace.Done.Count + trace.Refused);
        }

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
