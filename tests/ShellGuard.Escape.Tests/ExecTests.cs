using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section D: programs.</summary>
public sealed class ExecTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("D1", "D1-memory-programs")
        {
            Evidence =
            [
                [.. Started("from-memory"), "\"fromMemory\":true"], Started("from-shm"),
                [.. Started("from-deleted"), "\"fromMemory\":true"], Started("ld.so"),
                Denied("read", "{root}/hidden/secret"), Denied("write", "{root}/base/canary"),
            ],
        },
        new("D2 C11", "D2-set-user-id")
        {
            Arguments = [.. SetUserId.All.Select(program => program.Path)],
            Evidence = [.. SetUserId.All.Select(program => Started(program.Path))],
            After = (trial, _) =>
            {
                // Outside the bit counts.
                Assert.All(SetUserId.All, program => Assert.Equal($"{program.Owner}\n", Programs.Run(trial.Identity.Become([program.Path, "-u"]), "/").Output));

                // Where the host itself would refuse, ShellGuard has nothing to explain.
                Assert.Equal(
                    trial.Identity.Uid == 0 ? 1 : 0,
                    trial.Journal.Count(line => line.Contains(
                        "\"target\":\"/etc/systemd/system/shellguard-escape-planted\"", StringComparison.Ordinal)));
            },
        },
        new("D3", "D3-built-ins")
        {
            Evidence = [Denied("write", "{root}/base/planted"), Denied("write", "{root}/base/canary"), Started("base64")],
        },
        new("D4 H1", "D4-strange-arguments")
        {
            Evidence = [["\"event\":\"exec\"", @"true\n{\u0022v\u0022:1,\u0022seq\u0022:99", @"\\xff\\xfe\\xc3"]],
            After = (trial, _) =>
            {
                Assert.DoesNotContain(trial.Journal, line => line.StartsWith("{\"v\":1,\"seq\":99,", StringComparison.Ordinal));
                Assert.All(trial.Journal, line => Assert.All(line, character => Assert.InRange(character, ' ', '~')));
            },
        },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);
}
