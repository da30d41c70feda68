using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What a program does to stay out of sight is seen, or the audit says that something may be missing.</summary>
public sealed class HidingTests
{
    [Theory, BothIdentities]
    public void Its_own_filter_is_told(Identity identity)
    {
        using TestArea area = new(identity);
        AuditLines audit = Traced(area, "listener");
        Assert.True(Path.Exists($"{area.Work}/by-listener"));
        Assert.Equal("partial", audit.Coverage);
    }

    [Theory, BothIdentities]
    public void A_call_that_another_threads_program_ends_is_there(Identity identity)
    {
        using TestArea area = new(identity);
        Assert.Contains(Traced(area, "pending").Accesses, access => access.StartsWith($"write {area.Work}/pending ", StringComparison.Ordinal));
    }

    [Theory, BothIdentities]
    public void Children_that_ask_not_to_be_traced_are(Identity identity)
    {
        using TestArea area = new(identity);
        AuditLines audit = Traced(area, "untraced");
        Assert.Contains($"create {area.Work}/by-clone success", audit.Accesses);
        Assert.Equal(Path.Exists($"{area.Work}/by-clone3"), audit.Accesses.Contains($"create {area.Work}/by-clone3 success"));
        Assert.Equal("complete", audit.Coverage);
    }

    [Theory, BothIdentities]
    public void Arguments_at_the_end_of_memory_are_read(Identity identity)
    {
        using TestArea area = new(identity);
        Assert.Contains("connect 127.0.0.9:9/tcp failed ECONNREFUSED", Traced(area, "page-end").Accesses);
    }

    /// <summary>Children of a parent that could not tell of them: nothing hangs, and either all is there or it says so.
    /// </summary>
    [Theory, BothIdentities]
    public void Killed_parents_leave_nothing_behind(Identity identity)
    {
        using TestArea area = new(identity);
        AuditLines audit = Traced(area, "orphans");
        Assert.True(audit.Coverage is "complete" or "partial", audit.Coverage);
    }

    /// <summary>A process has one tracer.</summary>
    [Theory, BothIdentities]
    public void Beneath_another_tracer_it_is_refused(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.Outside(
            "strace", "-f", "-o", $"{area.Home}/log", NativeBinary.Path, "trace", "--backend", "ptrace", "-o", $"{area.Home}/own", "--", "true");
        Assert.Equal(125, outcome.Status);
        Assert.Contains("something traces shellguard already", outcome.Errors, StringComparison.Ordinal);
    }

    private static AuditLines Traced(TestArea area, string way)
    {
        area.Own();
        area.Outside(NativeBinary.Path, "trace", "-q", "--backend", "ptrace", "-o", $"{area.Home}/own", "--", Helper.Hiding, way).Succeed();
        return AuditLines.Of(area, "own");
    }
}
