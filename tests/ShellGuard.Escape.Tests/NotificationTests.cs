using ShellGuard.Escape.Tests.Support;

namespace ShellGuard.Escape.Tests;

/// <summary>Section A: against the notifier itself.</summary>
public sealed class NotificationTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("A1", "A1-path-swap"),
        new("A2", "A2-shared-swap"),
        new("A3", "A3-address-swap")
        {
            Options = ["--net", "127.0.0.1:1"],
            Arguments = ["1"],
            Evidence = [["\"access\"", "\"connect\"", "127.0.0.1:1/tcp"]],
        },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);
}
