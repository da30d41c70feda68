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

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_model_without_a_rule_is_found_out(string name)
    {
        FlowRule rule = Enum.Parse<FlowRule>(name);
        for (int seed = 1; seed <= MostForMutation; seed++)
        {
            if (new Trace((ulong)seed, rule).Run() is { } finding)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {finding}");
                return;
            }
        }

        Assert.Fail($"no trace of {MostForMutation} needs the rule");
    }
}
