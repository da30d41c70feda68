using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section I: resources and the supervisor.</summary>
public sealed class ResourceTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("I1", "I1-exhaustion") { Evidence = [Denied("write", "{root}/base/new"), Denied("create", "{root}/base/new")] },
        new("I3 I2", "I3-special-files") { Evidence = [["\"event\":\"exec\"", "/tmp/pipe-script"]] },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);
}
