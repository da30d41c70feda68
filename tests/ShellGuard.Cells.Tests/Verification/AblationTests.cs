using System.Text;
using ShellGuard.Cells.Verification;
using Xunit;

namespace ShellGuard.Cells.Tests.Verification;

/// <summary>Which capabilities are needed, by runs that are made up.</summary>
public sealed class AblationTests
{
    private const string Bind = "CAP_NET_BIND_SERVICE", Read = "CAP_DAC_READ_SEARCH", Write = "CAP_DAC_OVERRIDE";

    [Fact]
    public void One_without_which_it_ends_otherwise_is_needed_and_what_was_denied_is_said()
    {
        IReadOnlyList<AblationFinding> findings = Of([Bind, Read], has => has.Contains(Bind) ? Run(0, "listening\n") : Run(1, "", "bind 127.0.0.1:80/tcp: denied (EACCES)"));
        Assert.Equal(
            [
                new AblationFinding(Bind, AblationVerdict.Needed, "status 1, not 0; output: 1 lines missing, 0 new; bind 127.0.0.1:80/tcp: denied (EACCES)"),
                new AblationFinding(Read, AblationVerdict.NotNeeded, "same status, output and denials"),
            ],
            findings);
    }

    [Fact]
    public void Other_output_alone_is_a_need_and_numbers_in_it_are_not()
    {
        int run = 0;
        Assert.Equal(
            [AblationVerdict.Needed, AblationVerdict.NotNeeded],
            Of([Bind, Read], has => Run(0, $"run {++run}\n{(has.Contains(Bind) ? "more\n" : "")}")).Select(finding => finding.Verdict));
    }

    [Fact]
    public void A_denial_that_it_copes_with_is_told_from_none()
    {
        AblationFinding finding = Of([Read], has => has.Count > 0 ? Run(0, "x", "read /always: denied") : Run(0, "x", "read /always: denied", "read /a: denied", "read /b: denied"))
            .Single();
        Assert.Equal(new AblationFinding(Read, AblationVerdict.OnlyDenied, "same status and output; read /a: denied, and 1 more"), finding);
    }

    [Fact]
    public void Two_that_stand_in_for_each_other_are_found_out()
    {
        Assert.Equal(
            [(Write, AblationVerdict.NotNeeded), (Read, AblationVerdict.Needed)],
            Of([Write, Read], has => Run(has.Count > 0 ? 0 : 1, "")).Select(finding => (finding.Capability, finding.Verdict)));
    }

    [Fact]
    public void What_cannot_be_compared_is_not_decided()
    {
        int run = 0;
        Assert.StartsWith("two runs with all of them differ: status 2, not 1", Undecided(_ => Run(++run, "")), StringComparison.Ordinal);
        Assert.Equal("with all of them it ends with status 1, not 0", Undecided(_ => Run(1, ""), status: 0));
        Assert.Equal("it writes more than is compared", Undecided(_ => Run(0, "") with { IsWhole = false }));
    }

    [Fact]
    public void It_runs_no_oftener_than_it_says()
    {
        int runs = 0;
        Of([Bind, Read, Write], _ => Run(0, (++runs).ToString(global::System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Ablation.MostRuns(3), runs);
    }

    private static string Undecided(Func<IReadOnlyList<string>, AblationRun> run, int? status = null)
    {
        AblationFinding finding = Of([Bind], run, status).Single();
        Assert.Equal(AblationVerdict.Undecided, finding.Verdict);
        return finding.Text;
    }

    private static IReadOnlyList<AblationFinding> Of(IReadOnlyList<string> capabilities, Func<IReadOnlyList<string>, AblationRun> run, int? status = null) =>
        new Ablation(run).Of(capabilities, status);

    private static AblationRun Run(int status, string output, params string[] denials) => new(status, Encoding.UTF8.GetBytes(output), true, denials);
}
