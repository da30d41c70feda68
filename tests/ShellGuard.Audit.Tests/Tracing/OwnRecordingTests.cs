using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests.Tracing;

/// <summary>What only our own tracer writes, and what only counts in a container.</summary>
public sealed class OwnRecordingTests
{
    private const string Start = "10 1700000000.000001 +++ started by shellguard as user 0 in \"/work dir\" +++";

    private static readonly string[] Container =
    [
        Start,
        "10 1700000000.000002 execve(\"/usr/sbin/runc\", [\"runc\", \"run\"], 0x1) = 0",
        "10 1700000000.000003 openat(AT_FDCWD, \"/run/runc/state\", O_RDONLY) = 3</run/runc/state>",
        "10 1700000000.000004 clone(flags=0x11) = 11",
        "11 1700000000.000005 pivot_root(\".\", \".\") = 0",
        "11 1700000000.000006 openat(AT_FDCWD, \"/proc/self/fd\", O_RDONLY|O_DIRECTORY) = 3</proc/self/fd>",
        "11 1700000000.000007 execve(\"/bin/missing\", [\"batch\"], 0x1) = -1 ENOENT",
        "11 1700000000.000008 execve(\"/bin/batch\", [\"batch\"], 0x1) = 0",
        "11 1700000000.000009 clone(flags=0x11) = 12",
        "12 1700000000.000010 mkdir(\"/tmp/made\", 0755) = 0",
        "12 1700000000.000011 +++ exited with 0 +++",
        "11 1700000000.000012 +++ exited with 0 +++",
        "10 1700000000.000013 openat(AT_FDCWD, \"/run/runc/late\", O_RDONLY) = 3</run/runc/late>",
        "10 1700000000.000014 +++ exited with 0 +++",
    ];

    [Fact]
    public void The_start_says_where_and_as_whom()
    {
        ImportResult result = Recording.Of(
            Start, "10 1700000000.000002 mkdir(\"made\", 0755) = 0", "10 1700000000.000003 +++ exited with 0 +++");
        Assert.Equal(["Create /work dir/made"], result.Accesses());
        Assert.Equal(0u, Assert.Single(result.Accesses).Access.Chain[0].User);
        Assert.Equal(CoverageState.Complete, result.Coverage.State);
    }

    [Theory]
    [InlineData("shellguard: recorded by ptrace on Linux 6.18.5-amd64+deb x86_64", "Linux 6.18.5-amd64+deb x86_64")]
    [InlineData("shellguard: recorded by eBPF on Linux 6.1 aarch64", "Linux 6.1 aarch64")]
    [InlineData("shellguard: recorded by eBPF", null)]
    [InlineData("shellguard: recorded by eBPF on Linux 6.1", null)]
    [InlineData("shellguard: recorded by eBPF on Linux 6.1 x86_64 <b>", null)]
    [InlineData("shellguard: recorded by eBPF on Linux <b> x86_64", null)]
    [InlineData("shellguard: on Linux 6.1 x86_64", null)]
    public void The_first_line_says_the_kernel(string line, string? expected)
    {
        ImportResult result = Recording.Of(line, Start, "10 1700000000.000002 mkdir(\"/made\", 0755) = 0", "10 1700000000.000003 +++ exited with 0 +++");
        Assert.Equal(expected, Assert.Single(result.Inputs).Kernel?.ToString());
        Assert.Equal(CoverageState.Complete, result.Coverage.State);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    /// <summary>On the standard error of strace it can be what the program printed.</summary>
    [Fact]
    public void A_later_line_says_no_kernel() =>
        Assert.Null(Recording.Of(Start, "shellguard: recorded by eBPF on Linux 6.1 x86_64", "10 mkdir(\"/made\", 0755) = 0").Inputs[0].Kernel);

    /// <summary>Hidden from who looks, or gone before it could be asked.</summary>
    [Fact]
    public void A_user_can_be_unknown()
    {
        ImportResult result = Recording.Of(
            "10 1700000000.000001 +++ found by shellguard as user ? in \"/\" running \"/bin/x\" +++",
            "10 1700000000.000002 mkdir(\"made\", 0755) = 0");
        Assert.Equal(["Create /made"], result.Accesses());
        Assert.Null(Assert.Single(result.Accesses).Access.Chain[0].User);
    }

    /// <summary>Nobody recorded what became of descriptor 3 since: it can be another directory.</summary>
    [Theory]
    [InlineData("openat(3, \"secret\", O_RDONLY) = 4")]
    [InlineData("fchmod(3, 0777) = 0")]
    [InlineData("mmap(NULL, 4096, PROT_EXEC, MAP_PRIVATE, 3, 0) = 0x7f0000000000")]
    public void A_descriptor_without_a_name_is_not_the_one_of_before(string line)
    {
        ImportResult result = Recording.Of(
            Start, "10 1700000000.000002 openat(AT_FDCWD, \"/usr/share\", O_RDONLY) = 3", $"10 1700000000.000003 {line}",
            "10 1700000000.000004 +++ exited with 0 +++");
        Assert.DoesNotContain(result.Accesses(), access => access.Contains("/usr/share/", StringComparison.Ordinal)
            || (access.Contains("/usr/share", StringComparison.Ordinal) && !access.StartsWith("Read", StringComparison.Ordinal)));
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UnresolvedPaths);
    }

    [Theory]
    [InlineData("+++ started by shellguard as user x in \"/\" +++")]
    [InlineData("+++ started by shellguard as user 0 in / +++")]
    [InlineData("+++ started by shellguard as user 0")]
    [InlineData("+++ started by shellguard as user 0 in \"/")]
    public void A_start_that_is_none_is_not_understood(string line) =>
        Assert.Equal(1, Recording.Of("10 mkdir(\"/a\", 0755) = 0", $"10 {line}").Lines[LineKind.Unknown]);

    [Fact]
    public void In_a_container_counts_what_comes_behind_the_first_execution_with_another_root()
    {
        ImportResult result = Import(Container);
        Assert.Equal(["Create /tmp/made", "Execute /bin/batch"], result.Accesses());
        Assert.Equal(CoverageState.Complete, result.Coverage.State);
        Assert.DoesNotContain(result.SystemCalls, call => call.Name == "pivot_root");
    }

    [Fact]
    public void Without_a_container_nothing_can_be_learnt_of_one()
    {
        ImportResult result = Import(Container[..4]);
        Assert.Empty(result.Accesses);
        Assert.Equal(CoverageState.Failed, result.Coverage.State);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.NoPayload);
    }

    private static ImportResult Import(string[] lines) => Importer.Run(
        new ImportOptions(["-"])
        {
            OnlyPayload = true,
            StandardInput = () => new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))),
        },
        CancellationToken.None);
}
