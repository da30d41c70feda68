using System.Diagnostics;
using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section A: against the notifier itself.</summary>
public sealed class NotificationTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("A1", "A1-path-swap") { Evidence = [Denied("write", "{root}/base/canary")] },
        new("A2", "A2-shared-swap") { Evidence = [Denied("write", "{root}/base/canary")] },
        new("A3", "A3-address-swap")
        {
            Options = ["--net", "127.0.0.1:1"],
            Arguments = ["1"],
            Evidence = [Allowed("connect", "127.0.0.1:1/tcp")],
        },
        new("A4 D5", "A4-exec-swap")
        {
            Arguments = ["/bin/true"],
            Evidence = [Started("unseen-descriptor"), Started("unseen-link"), Started("true")],
        },
        new("A5 A12", "A5-dying-callers") { Evidence = [Allowed("connect", "127.0.0.1:{port}/tcp")] },
        new("A6", "A6-signals"),
        new("A7", "A7-flood") { Evidence = [Allowed("connect", "127.0.0.1:{port}/tcp")] },
        new("A8 C5", "A8-supervisor") { Evidence = [Refused("pidfd_getfd")] },
        new("A8", "A8-init-race"),
        new("A9", "A9-own-listener") { Evidence = [Refused("seccomp")] },
        new("A10", "A10-no-descriptors")
        {
            Options = ["--net", "127.0.0.1:{granted}"],
            Arguments = ["{granted}"],

            // The supervisor connects before it knows that it cannot hand the socket in; then it hangs up.
            After = (trial, outcome) => Assert.True(trial.SentToGranted() == 0, outcome.ToString()),
        },
        new("A11", "E2-names") { Options = ["--net-ask", "*:*"], Evidence = [Denied("connect", "granted.test:{port}")] },
        new("A13", "A13-nested") { Arguments = ["{bin}/shellguard"] },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    public static TheoryData<string> Everyone => [.. Identity.All.Select(identity => identity.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);

    [Theory]
    [MemberData(nameof(Everyone))]
    public void A8_the_cell_dies_with_its_supervisor(string identity)
    {
        Attempt attempt = new("A8", "A8-survivor") { Options = ["--direct", "{root}/direct"] };
        using Case trial = new(attempt, Identity.Of(identity));
        using Process supervisor = Programs.Start(trial.Command, trial["project"], trial.Environment);
        FileInfo beats = new(trial["direct/beats"]);
        Assert.True(SpinWait.SpinUntil(() => LengthOf(beats) > 20, TimeSpan.FromSeconds(20)), "it never ran");

        supervisor.Kill();
        supervisor.WaitForExit();

        Assert.True(
            SpinWait.SpinUntil(() => IsStill(beats), TimeSpan.FromSeconds(10)), "processes of the cell live on");
        trial.AssertCanaries("killed supervisor");
    }

    private static long LengthOf(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }

    /// <summary>Each of the four writers adds a byte every 50 ms.</summary>
    private static bool IsStill(FileInfo file)
    {
        long before = LengthOf(file);
        Thread.Sleep(500);
        return LengthOf(file) == before;
    }
}
