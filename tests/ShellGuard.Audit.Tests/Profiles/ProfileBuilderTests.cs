using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Reports;

namespace ShellGuard.Audit.Tests.Profiles;

/// <summary>Which command a recording is about.</summary>
public sealed class ProfileBuilderTests
{
    private const string Start = "10 execve(\"/bin/sh\", [\"sh\", \"scan\"], 0x7ffe /* 3 vars */) = 0";
    private const string Absent = "10 execve(\"/usr/local/bin/sh\", [\"sh\", \"scan\"], 0x7ffe /* 3 vars */) = -1 ENOENT (No such file or directory)";

    public static TheoryData<string, string[]> Recordings => new()
    {
        { "a log of strace", [Start, AuditSample.Opened("/a")] },
        { "a search along PATH", [Absent, Start, AuditSample.Opened("/a")] },
        { "our own recording", ["10 +++ started by shellguard as user 0 in \"/\" +++", Absent, Start, AuditSample.Opened("/a")] },
        { "a helper of the command", [Start, AuditSample.Opened("/a"), "10 fork() = 9", "9 execve(\"/bin/date\", [\"date\"], 0x7ffe /* 3 vars */) = 0"] },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public void The_command_is_what_the_recording_begins_with(string what, string[] lines)
    {
        AccessProfile profile = Profile(Recording.Of(lines));
        Assert.Equal((what, "/bin/sh"), (what, profile.Program));
        Assert.Equal(["sh", "scan"], profile.Command.Kept.Select(word => word.ToString()));
    }

    [Fact]
    public void Of_a_container_it_is_the_payload_and_not_the_runtime()
    {
        ImportResult result = Importer.Run(
            new ImportOptions(["-"])
            {
                OnlyPayload = true,
                StandardInput = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n',
                    "5 execve(\"/usr/sbin/runc\", [\"runc\", \"run\", \"x\"], 0x7ffe /* 3 vars */) = 0",
                    "5 fork() = 10",
                    "10 pivot_root(\".\", \".\") = 0",
                    Start,
                    AuditSample.Opened("/a") + "\n"))),
            },
            CancellationToken.None);
        AccessProfile profile = Profile(result);
        Assert.Equal("/bin/sh", profile.Program);
        Assert.Equal(["sh", "scan"], profile.Command.Kept.Select(word => word.ToString()));
    }

    [Fact]
    public void Of_a_process_that_ran_already_it_is_not_the_first_helper()
    {
        AccessProfile profile = Profile(Recording.Of(
            AuditSample.Opened("/a"), "10 fork() = 11", "11 execve(\"/bin/date\", [\"date\"], 0x7ffe /* 3 vars */) = 0"));
        Assert.NotEqual("/bin/date", profile.Program);
    }

    private static AccessProfile Profile(ImportResult result) =>
        ProfileBuilder.Build(AuditSample.Again(result).Result, new GeneralOptions(), new FakeHost());
}
