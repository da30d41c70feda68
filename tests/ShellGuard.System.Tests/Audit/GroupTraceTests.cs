using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary><c>shellguard trace --cgroup</c> sees what a group of processes touches, and nothing of others.</summary>
[Collection(LoadedProgramsCollection.Name)]
public sealed class GroupTraceTests : IDisposable
{
    private readonly TestArea _area = new(Identity.Root);
    private readonly string _group;

    public GroupTraceTests()
    {
        string mount = Programs.Run("findmnt", "-n", "-o", "TARGET", "-t", "cgroup2").Succeed().Output.Split('\n')[0];
        _group = $"{mount}/sgt-{Environment.ProcessId}";
        Directory.CreateDirectory(_group);
    }

    public void Dispose()
    {
        Programs.Run("sh", "-c", $"for p in $(cat {_group}/cgroup.procs); do kill -9 $p; done");
        Programs.WaitUntil(() => Programs.Run("rmdir", _group).Status == 0, "the group is empty");
        _area.Dispose();
    }

    [Fact]
    public void What_runs_in_the_group_is_seen_with_what_it_starts_and_nothing_else()
    {
        using Process inside = Member("echo ready; while read x; do mkdir $x; (mkdir child-$x); done; exec sleep 0.01");
        using Process outside = _area.StartOutside("bash", "-c", "while read x; do mkdir $x; done");
        using Process trace = Start("own");
        foreach (string name in (string[])["one", "two"])
        {
            inside.StandardInput.WriteLine(name);
            outside.StandardInput.WriteLine($"foreign-{name}");
            Programs.WaitUntil(() => Path.Exists($"{_area.Work}/child-{name}") && Path.Exists($"{_area.Work}/foreign-{name}"), name);
        }

        // The group ends, and the trace with it.
        inside.StandardInput.Close();
        inside.WaitForExit();
        string errors = trace.StandardError.ReadToEnd();
        trace.WaitForExit();
        outside.StandardInput.Close();
        outside.WaitForExit();
        Assert.True(trace.ExitCode == 0, errors);
        AuditLines audit = AuditLines.Of(_area, "own");
        foreach (string name in (string[])["one", "child-one", "two", "child-two"])
        {
            Assert.Contains($"create {_area.Work}/{name} success", audit.Accesses);
        }

        Assert.DoesNotContain(audit.Accesses, access => access.Contains("foreign", StringComparison.Ordinal));
        Assert.Equal(["attached-mid-run"], audit.Problems);
        Assert.Contains("traced by eBPF: a control group needs it", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_ends_the_trace_and_nothing_else()
    {
        using Process inside = Member("echo ready; while read x; do mkdir $x; done");
        using Process trace = Start("own");
        inside.StandardInput.WriteLine("made");
        Programs.WaitUntil(() => Path.Exists($"{_area.Work}/made"), "the group goes on");
        Programs.Run("kill", "-INT", $"{trace.Id}").Succeed();
        trace.WaitForExit();
        Assert.Equal(0, trace.ExitCode);
        Assert.False(inside.HasExited);
        inside.StandardInput.WriteLine("after");
        Programs.WaitUntil(() => Path.Exists($"{_area.Work}/after"), "the group was not touched");
        AuditLines audit = AuditLines.Of(_area, "own");
        Assert.Contains($"create {_area.Work}/made success", audit.Accesses);
        Assert.DoesNotContain($"create {_area.Work}/after success", audit.Accesses);
        Assert.Equal("partial", audit.Coverage);
    }

    [Theory]
    [InlineData("no control group", "--cgroup", "/tmp")]
    [InlineData("no control group", "--cgroup", "/no/such/place")]
    [InlineData("either a command or --cgroup", "--cgroup", "/tmp", "--", "ls")]
    [InlineData("which command?")]
    [InlineData("--cgroup needs the ebpf back end", "--cgroup", "/tmp", "--backend", "ptrace")]
    [InlineData("--buffer takes a power of two", "--buffer", "3", "--", "ls")]
    public void What_cannot_be_is_refused_in_one_line(string expected, params string[] words)
    {
        Outcome outcome = _area.Outside([NativeBinary.Path, "trace", "-o", $"{_area.Home}/own", .. words]);
        Assert.NotEqual(0, outcome.Status);
        Assert.Contains(expected, outcome.Errors, StringComparison.Ordinal);
    }

    /// <summary>A process that is in the group and waits for input.</summary>
    private Process Member(string line)
    {
        Process member = _area.StartOutside("bash", "-c", $"echo $$ > {_group}/cgroup.procs; {line}");
        Assert.Equal("ready", member.StandardOutput.ReadLine());
        return member;
    }

    private Process Start(string name)
    {
        Process trace = _area.StartOutside(NativeBinary.Path, "trace", "--cgroup", _group, "-o", $"{_area.Home}/{name}");
        Assert.Contains($"following {_group}", trace.StandardError.ReadLine(), StringComparison.Ordinal);
        return trace;
    }
}
