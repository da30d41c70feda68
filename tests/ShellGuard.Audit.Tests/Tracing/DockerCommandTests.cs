using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Tests.Reports;
using ShellGuard.Audit.Tracing;

namespace ShellGuard.Audit.Tests.Tracing;

/// <summary>docker's client is told to write down which container it asks for; and what a recording says that begins with
/// a runtime's process.</summary>
public sealed class DockerCommandTests
{
    [Theory]
    [InlineData("docker run img cmd", "docker run --cidfile ID img cmd")]
    [InlineData("docker -H unix:///x --debug container run -it img run", "docker -H unix:///x --debug container run --cidfile ID -it img run")]
    [InlineData("docker --context run run img", "docker --context run run --cidfile ID img")]
    [InlineData("docker run img cmd --cidfile x", "docker run --cidfile ID img cmd --cidfile x")]
    [InlineData("docker run --rm -it --name n -v/a:/b -e A=1 img cmd --cidfile=x", "docker run --cidfile ID --rm -it --name n -v/a:/b -e A=1 img cmd --cidfile=x")]
    [InlineData("docker run -itu root img --cidfile x", "docker run --cidfile ID -itu root img --cidfile x")]
    [InlineData("docker run -- img --cidfile x", "docker run --cidfile ID -- img --cidfile x")]
    [InlineData("docker run --name --cidfile img", "docker run --cidfile ID --name --cidfile img")]
    public void The_option_stands_right_behind_the_command(string line, string expected) =>
        Assert.Equal(expected.Split(' '), DockerCommand.WithIdentifier(line.Split(' '), "ID", out _)!);

    [Theory]
    [InlineData("docker ps", "another command")]
    [InlineData("docker", "another command")]
    [InlineData("docker container ls run", "another command")]
    [InlineData("docker run --cidfile=x img", "leave yours out")]
    [InlineData("docker run --cidfile x img", "leave yours out")]
    [InlineData("docker run --rm -it -p 80:80 --cidfile x img", "leave yours out")]
    [InlineData("docker run --new-option img --cidfile=x img", "leave yours out")]
    public void Anything_else_is_refused(string line, string why)
    {
        Assert.Null(DockerCommand.WithIdentifier(line.Split(' '), "ID", out string? problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker", true)]
    [InlineData("/usr/bin/docker", true)]
    [InlineData("dockerd", false)]
    [InlineData("/docker/runc", false)]
    public void It_is_known_by_its_name(string program, bool isDocker) => Assert.Equal(isDocker, DockerCommand.Is(program));

    [Fact]
    public void A_runtime_that_was_met_in_the_middle_takes_nothing_from_the_payload()
    {
        ImportResult result = Payload(
            "10 +++ started by shellguard as user 0 in \"/x\" +++", "11 openat(AT_FDCWD, \"/proc/self/x\", O_RDONLY) = 3",
            "11 pivot_root(\".\", \".\") = 0", "11 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 3 vars */) = 0", "11 openat(AT_FDCWD, \"/a\", O_RDONLY) = 3",
            "11 +++ exited with 0 +++", "10 +++ exited with 0 +++");
        Assert.Equal(["Read /a", "Execute /bin/sh"], result.Accesses());
        Assert.Equal(CoverageState.Complete, result.Coverage.State);
    }

    [Fact]
    public void One_that_has_another_root_already_may_be_the_payload()
    {
        ImportResult result = Payload(
            "10 +++ started by shellguard as user 0 in \"/\" of another root +++", AuditSample.Executed("/bin/sh"), AuditSample.Opened("/a"),
            "10 +++ exited with 0 +++");
        Assert.Contains("Read /a", result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.AttachedMidRun);
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
    }

    private static ImportResult Payload(params string[] lines) => Importer.Run(
        new ImportOptions(["-"])
        {
            OnlyPayload = true,
            StandardInput = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))),
        },
        CancellationToken.None);
}
