using System.Text.Json;
using ShellGuard.Escape.Tests.Support;

namespace ShellGuard.Escape.Tests;

/// <summary>Section H: recording.</summary>
public sealed class AuditTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("H4", "H4-own-files"),
        new("H4", "H4-own-files") { Options = ["--direct", "{root}/vault"], Name = "beneath a direct path" },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    public static TheoryData<string> Everyone => [.. Identity.All.Select(identity => identity.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);

    [Theory]
    [MemberData(nameof(Everyone))]
    public void H2_a_flood_of_denials_stands_in_the_journal(string identity)
    {
        using Case trial = new(new Attempt("H2", "quiet") { Arguments = ["many"] }, Identity.Of(identity));

        trial.Judge(trial.Run());

        List<long> numbers = [.. trial.Journal.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("seq").GetInt64())];
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(number => (long)number), numbers);
        Assert.Equal(5000, trial.Journal.Count(line => line.Contains("/base/new", StringComparison.Ordinal)));
    }

    /// <summary>A limit on the size of files stands for the full disk; its signal is left out, as a disk has
    /// none.</summary>
    [Theory]
    [MemberData(nameof(Everyone))]
    public void H3_without_a_journal_nothing_happens(string identity)
    {
        using Case trial = new(new Attempt("H3", "quiet") { Arguments = ["many"] }, Identity.Of(identity));

        Outcome outcome = Programs.Run(
            ["sh", "-c", "trap '' XFSZ; ulimit -f 256; exec \"$@\"", "sh", .. trial.Command], trial["project"], trial.Environment);

        Assert.True(outcome.Status == 125, outcome.ToString());
        Assert.True(outcome.Errors.Contains("journal", StringComparison.Ordinal), outcome.ToString());
        Assert.InRange(trial.Journal.Count(line => line.Contains("/base/new", StringComparison.Ordinal)), 1, 4999);
        trial.AssertCanaries(outcome.ToString());
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void H4_a_rule_cannot_hand_over_the_storage(string identity)
    {
        Attempt attempt = new("H4", "quiet") { Options = ["--direct", "{root}/vault/state/sessions"], Arguments = ["nothing"] };
        using Case trial = new(attempt, Identity.Of(identity));
        Outcome outcome = trial.Run();

        Assert.True(outcome.Status == 125, outcome.ToString());
        Assert.DoesNotContain("HELD", outcome.Output, StringComparison.Ordinal);
    }
}
