using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section B: system calls that walk around the filter.</summary>
public sealed class SystemCallTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("B1", "B1-io-uring"),
        new("B2", "B2-foreign-abi") { Evidence = [Refused("personality")] },
        new("B3", "B3-new-calls")
        {
            Evidence =
            [
                Refused("open_by_handle_at"), Refused("name_to_handle_at"), Refused("open_tree"), Refused("fsopen"),
                Refused("move_mount"), Refused("pidfd_getfd"), Refused("bpf"), Denied("write", "{root}/base/canary"),
            ],
        },
        new("B4", "B4-inherited"),
        new("B5 B7", "B5-raw-calls")
        {
            Evidence = [RefusedSocket("socket"), Refused("mount"), Refused("unshare"), Refused("ioctl"), Refused("sendto")],
        },
        new("B6 I2", "B6-stalled-memory") { Evidence = [Refused("userfaultfd")] },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    public static TheoryData<string> Everyone => [.. Identity.All.Select(identity => identity.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);

    [Theory]
    [MemberData(nameof(Everyone))]
    public void B4_what_the_supervisor_inherits_above_2_does_not_come_in(string identity)
    {
        using Case trial = new(new Attempt("B4", "B4-inherited"), Identity.Of(identity));

        trial.Judge(Programs.Run(
            [
                "bash", "-c", "exec 7< /etc 8< \"$0/hidden/secret\" 9<> \"$0/base/canary\" 63< \"$0/hidden\"; exec \"$@\"",
                trial.Root, .. trial.Command,
            ],
            trial["project"], trial.Environment));
    }

    [Theory]
    [MemberData(nameof(Everyone))]
    public void B4_a_directory_as_standard_input_is_refused(string identity)
    {
        using Case trial = new(new Attempt("B4", "quiet") { Input = "{root}/base" }, Identity.Of(identity));

        AssertRefused(trial.Run());
    }

    /// <summary>It would send from the host's network to whatever address a send names.</summary>
    [Theory]
    [MemberData(nameof(Everyone))]
    public void B4_a_datagram_socket_as_standard_input_is_refused(string identity)
    {
        using Case trial = new(new Attempt("B4", "quiet"), Identity.Of(identity));

        AssertRefused(Programs.Run(
            [Lab.Attack("datagram-input"), "/usr/bin/env", .. trial.Command], trial["project"], trial.Environment));
    }

    private static void AssertRefused(Outcome outcome)
    {
        Assert.True(outcome.Status == 125, outcome.ToString());
        Assert.DoesNotContain("HELD", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("descriptor 0", outcome.Errors, StringComparison.Ordinal);
    }
}
