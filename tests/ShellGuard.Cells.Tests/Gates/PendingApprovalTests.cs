using ShellGuard.Cells.Gates;
using ShellGuard.Cells.Sessions;
using Xunit;

namespace ShellGuard.Cells.Tests.Gates;

/// <summary>Who may let what out, and how often.</summary>
public sealed class PendingApprovalTests
{
    private const uint Root = 0;
    private const uint Daemon = 1;
    private const uint Nobody = 65534;

    private readonly SetTime _time = new();
    private readonly List<string> _written = [];

    [Fact]
    public void An_approver_lets_exactly_these_bytes_out()
    {
        using PendingApproval pending = Pending(false, "daemon");
        Assert.NotNull(pending.Approve(Daemon, new string('0', 64), Write));
        Assert.NotNull(pending.Approve(Daemon, "", Write));
        Assert.Null(pending.Answer);
        Assert.Empty(_written);

        Assert.Null(pending.Approve(Daemon, pending.Sha256, Write));
        Assert.True(pending.Wait());
        Assert.Null(pending.Answer!.Problem);
        Assert.Equal(["daemon"], _written);
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, Write));
    }

    [Fact]
    public void Nobody_else_does()
    {
        using PendingApproval pending = Pending(false, "daemon");
        Assert.NotNull(pending.Approve(Nobody, pending.Sha256, Write));
        Assert.NotNull(pending.Approve(Root, pending.Sha256, Write));
        Assert.NotNull(pending.Deny(Nobody, "no", Write));
        Assert.False(pending.MaySee(Nobody));
        Assert.True(pending.MaySee(Daemon));
        Assert.Null(pending.Answer);
    }

    [Fact]
    public void With_a_second_person_two_agree_and_who_asks_is_none_of_them()
    {
        using PendingApproval pending = Pending(true, "daemon", "nobody", "root");
        Assert.Contains("asked", pending.Approve(Root, pending.Sha256, Write), StringComparison.Ordinal);
        Assert.Null(pending.Approve(Daemon, pending.Sha256, Write));
        Assert.Null(pending.Answer);
        Assert.Contains("already", pending.Approve(Daemon, pending.Sha256, Write), StringComparison.Ordinal);
        Assert.Null(pending.Answer);
        Assert.Null(pending.Approve(Nobody, pending.Sha256, Write));
        Assert.Null(pending.Answer!.Problem);
        Assert.Equal(["daemon", "nobody"], _written);
    }

    [Fact]
    public void One_no_is_enough()
    {
        using PendingApproval pending = Pending(true, "daemon", "nobody");
        Assert.Null(pending.Approve(Daemon, pending.Sha256, Write));
        Assert.Null(pending.Deny(Nobody, "names in line 3", Write));
        Assert.True(pending.Wait());
        Assert.Contains("names in line 3", pending.Answer!.Problem, StringComparison.Ordinal);
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, Write));
    }

    [Fact]
    public void It_expires()
    {
        using PendingApproval pending = Pending(false, "daemon");
        _time.Now += TimeSpan.FromMinutes(10);
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, Write));
        Assert.False(pending.Wait());
        Assert.NotNull(pending.Answer!.Problem);
        _time.Now -= TimeSpan.FromMinutes(5);
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, Write));
    }

    [Fact]
    public void What_cannot_be_written_down_does_not_hold()
    {
        using PendingApproval pending = Pending(false, "daemon");
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, _ => false));
        Assert.Null(pending.Answer);
        pending.Withdraw();
        Assert.NotNull(pending.Answer!.Problem);
        Assert.NotNull(pending.Approve(Daemon, pending.Sha256, Write));
    }

    private PendingApproval Pending(bool secondPerson, params string[] approvers) => new(
        SampleGates.Approval(secondPerson, approvers), new SessionUser("root", Root, 0, "/root"), "the bytes"u8.ToArray(), "db",
        "", _time);

    private bool Write(string name)
    {
        _written.Add(name);
        return true;
    }
}
