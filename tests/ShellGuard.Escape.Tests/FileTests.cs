using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section C: paths and files.</summary>
public sealed class FileTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("C1 C7", "C1-links")
        {
            Evidence = [Denied("write", "{root}/base/planted"), Denied("delete", "{root}/base/canary"), Denied("create", "{root}/base/")],
        },
        new("C2", "C2-pinned")
        {
            Options = ["--direct", "{root}/direct", "--ro", "{root}/direct/a/b/hooks"],
            Evidence = [Denied("write", "{root}/direct/a/b/hooks/planted"), Denied("rename", "{root}/direct/a/b/hooks")],
            During = trial =>
            {
                SpinWait.SpinUntil(() => Path.Exists(trial["direct/go"]), TimeSpan.FromSeconds(30));
                File.WriteAllText(trial["home/.pgpass"], trial.Secret + "\n");
                Directory.CreateDirectory(trial["home/.ssh"]);
                File.WriteAllText(trial["home/.ssh/id"], trial.Secret + "\n");
                Programs.Run(["chmod", "-R", "a+rX", trial["home"]], "/");
                trial.TakeCanaries();
                File.WriteAllText(trial["direct/went"], "");
            },
            After = (trial, outcome) =>
            {
                Assert.Contains("the host made it: yes", outcome.Output, StringComparison.Ordinal);
                Assert.Contains("own file beside it: yes", outcome.Output, StringComparison.Ordinal);
                Assert.Empty(Directory.EnumerateFileSystemEntries(trial["direct/a/b/hooks"]));
            },
        },
        new("C3", "C3-hard-links")
        {
            Options = ["--direct", "{root}/direct"],
            Evidence = [Denied("delete", "{root}/base/canary"), Denied("rename", "{root}/base/canary")],
        },
        new("C4", "C4-magic-links"),
        new("C4 B4", "C4-standard-files") { Input = "{root}/base/canary" },
        new("C4 C10", "C4-null-device")
        {
            Input = "/dev/null",
            Evidence = [Refused("mknodat")],
        },
        new("C5 D6", "C5-memory") { Evidence = [Refused("ptrace"), Refused("process_vm_writev")] },
        new("C6", "C6-namespaces")
        {
            Evidence =
            [
                Refused("unshare"), Refused("clone"), Refused("setns"), Refused("mount"), Refused("umount2"),
                Refused("chroot"), Refused("pivot_root"),
            ],
        },
        new("C8", "C8-open-directories") { Evidence = [Denied("write", "{root}/base/canary")] },
        new("C9", "C9-other-writes") { Evidence = [Denied("write", "{root}/base/canary")] },
        new("C10", "C10-nodes") { Evidence = [Refused("mknodat")] },
        new("C11 C6", "C11-overlay"),
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);
}
