using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Tracing;
using ShellGuard.Audit.Tracing.Ebpf;
using ShellGuard.Linux.Calls;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tests.Tracing.Ebpf;

/// <summary>The programs, their tables, and which tracer is chosen.</summary>
public sealed class CaptureTests
{
    [Fact]
    public void The_kernel_takes_the_programs_and_they_follow_who_announces_itself_only()
    {
        using Capture capture = new(0x5e1f, 1 << 16, cgroup: null);
        Processes.Announce(0x5e1e);
        Assert.Empty(capture.LiveProcesses());
        Processes.Announce(0x5e1f);
        Assert.Single(capture.LiveProcesses(), process => process != 0);
        Assert.Equal(0, capture.Lost);
        Assert.Equal(0, capture.NotFollowed);
        Assert.True(capture.Read(_ => { }) >= 1);
    }

    [Fact]
    public void Every_traced_call_is_known_to_the_programs()
    {
        CallSpecs specs = new();
        foreach (TracedCall call in TracedCalls.All.Where(call => call.Name is not ("clone" or "clone3")))
        {
            if (call.Native != TracedCalls.None)
            {
                Assert.True((specs.Entries[call.Native][SpecTraced] & TracedNative) != 0, call.Name);
                AssertWays(call, specs.Entries[call.Native]);
            }

            if (call.Compatible != TracedCalls.None)
            {
                Assert.True((specs.Entries[call.Compatible][SpecTraced] & TracedCompatible) != 0, call.Name);
                AssertWays(call, specs.Entries[NativeCalls + call.Compatible]);
            }
        }

        // read(2) leaves at once.
        Assert.Equal(0, specs.Entries[0][SpecTraced] & TracedNative);
    }

    [Theory]
    [InlineData(TraceBackend.Auto, true, 0, 0, TraceBackend.Ptrace)]
    [InlineData(TraceBackend.Auto, true, 17, 0, TraceBackend.Ebpf)]
    [InlineData(TraceBackend.Auto, true, 0, 3, TraceBackend.Ebpf)]
    [InlineData(TraceBackend.Auto, true, 0, 2, TraceBackend.Ptrace)]
    [InlineData(TraceBackend.Auto, false, 17, 3, TraceBackend.Ptrace)]
    [InlineData(TraceBackend.Ebpf, false, 0, 0, TraceBackend.Ebpf)]
    [InlineData(TraceBackend.Ptrace, true, 17, 3, TraceBackend.Ptrace)]
    public void Ptrace_is_chosen_wherever_it_works(TraceBackend wanted, bool isRoot, int tracer, int scope, TraceBackend expected) =>
        Assert.Equal(expected, TracerChoice.Of(wanted, isRoot, tracer, scope).Backend);

    [Theory]
    [InlineData("shellguard: lost 12 events", CoverageProblem.LostEvents, 12)]
    [InlineData("shellguard: did not follow 3 threads", CoverageProblem.NotFollowed, 3)]
    public void What_was_lost_stands_in_the_recording(string line, CoverageProblem problem, long count)
    {
        ImportResult result = Recording.Of(
            "10 1700000000.000001 +++ started by shellguard as user 0 in \"/\" +++",
            "10 1700000000.000002 mkdir(\"/a\", 0755) = 0", "10 1700000000.000003 +++ exited with 0 +++", line);
        CoverageReason reason = Assert.Single(result.Coverage.Reasons);
        Assert.Equal((problem, count), (reason.Problem, reason.Count));
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
    }

    [Fact]
    public void A_notice_for_people_changes_nothing() => Assert.Equal(
        CoverageState.Complete,
        Recording.Of(
            "shellguard: recorded by eBPF", "10 1700000000.000001 +++ started by shellguard as user 0 in \"/\" +++",
            "10 1700000000.000002 mkdir(\"/a\", 0755) = 0", "10 1700000000.000003 +++ exited with 0 +++").Coverage.State);

    [Fact]
    public void A_process_that_ran_before_has_a_program_and_a_directory()
    {
        ImportResult result = Recording.Of(
            "shellguard: recorded by eBPF",
            "10 1700000000.000001 +++ found by shellguard as user 33 in \"/srv\" running \"/usr/sbin/httpd\" +++",
            "10 1700000000.000002 mkdir(\"a\", 0755) = 0", "10 1700000000.000003 +++ exited with 0 +++");
        Assert.Equal(["/usr/sbin/httpd: Create /srv/a"], result.WithPrograms());
        Assert.Equal(33u, Assert.Single(result.Accesses).Access.Chain[0].User);
        Assert.Equal([CoverageProblem.AttachedMidRun], result.Coverage.Reasons.Select(reason => reason.Problem));
    }

    private static void AssertWays(TracedCall call, byte[] entry)
    {
        for (int i = 0; i < call.Forms.Length; i++)
        {
            bool behindDirectory = i > 0 && call.Forms[i - 1] == ArgumentForm.DirectoryFd;
            bool isCaptured = entry[SpecSpecial] != 0 && entry[SpecSpecialIndex] == i;
            isCaptured |= i < GenericArguments && entry[i] != 0;
            isCaptured |= behindDirectory && entry[i - 1] == DirectoryAndPath;
            bool leads = call.Forms[i] is ArgumentForm.PathName or ArgumentForm.Text or ArgumentForm.DirectoryFd or ArgumentForm.Descriptor
                or ArgumentForm.Socket or ArgumentForm.OpenHow or ArgumentForm.Arguments or ArgumentForm.SocketAddress
                or ArgumentForm.Message or ArgumentForm.Messages;
            Assert.True(leads == isCaptured, $"{call.Name}: argument {i}");
        }
    }
}
