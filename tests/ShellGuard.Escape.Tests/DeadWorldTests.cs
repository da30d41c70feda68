using ShellGuard.Escape.Tests.Support;

namespace ShellGuard.Escape.Tests;

/// <summary>The attacks that look for a way out of the view once more, in a cell that was given nothing.</summary>
public sealed class DeadWorldTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        Dead("A8 C5", "A8-supervisor"), Dead("B3", "B3-new-calls"), Dead("B4", "B4-inherited"), Dead("C4", "C4-magic-links"),
        Dead("C6", "C6-namespaces"), Dead("C4 C10", "C4-null-device"), Dead("E1", "E1-families"), Dead("E7", "E7-addresses"),
        Dead("F2", "F2-abstract"), Dead("F4", "F4-signals"), Dead("H4", "H4-own-files"),
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);

    private static Attempt Dead(string id, string program) =>
        new(id, program) { Options = ["--policy", "dead", "--ro", "{bin}"], Name = "dead" };
}
