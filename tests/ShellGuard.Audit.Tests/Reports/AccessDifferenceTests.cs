using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;

namespace ShellGuard.Audit.Tests.Reports;

/// <summary>What is a new access, and what only has another name.</summary>
public sealed class AccessDifferenceTests
{
    [Fact]
    public void Another_temporary_name_is_no_new_access_and_another_file_is()
    {
        AccessDifference difference = Between(
            [AuditSample.Written("/tmp/a.k3J9x2"), AuditSample.Opened("/proc/77/stat"), AuditSample.Opened("/etc/old")],
            [AuditSample.Written("/tmp/a.zz99YY"), AuditSample.Opened("/proc/99/stat"), AuditSample.Opened("/etc/new")]);
        Assert.Equal(["read /etc/new"], difference.New.Select(AccessText.WithOutcome));
        Assert.Equal(["read /etc/old"], difference.Gone.Select(AccessText.WithOutcome));
        Assert.Equal(3, difference.Same);
    }

    [Fact]
    public void A_probe_is_no_access_and_a_denial_is_one()
    {
        AccessDifference difference = Between(
            [AuditSample.Opened("/a")],
            [
                AuditSample.Opened("/a"), "10 openat(AT_FDCWD, \"/b\", O_RDONLY) = -1 ENOENT (No such file or directory)",
                "10 openat(AT_FDCWD, \"/c\", O_RDONLY) = -1 EACCES (Permission denied)",
            ]);
        Assert.Equal(["read /c: denied (EACCES)"], difference.NewAccesses.Select(AccessText.WithOutcome));
        Assert.Equal(2, difference.New.Count);
    }

    [Fact]
    public void A_file_more_or_less_in_a_directory_that_is_meant_is_no_difference()
    {
        string[] many = [.. Enumerable.Range(0, 30).Select(number => AuditSample.Opened($"/srv/d/{number}"))];
        Assert.Empty(Between(many, [.. many.Take(3), AuditSample.Opened("/srv/d/other")]).New);
        AccessDifference difference = Between([.. many.Take(10)], [.. many.Take(20)]);
        Assert.Equal(10, Assert.Single(difference.New).Names);
    }

    [Fact]
    public void A_failure_or_a_look_at_what_was_used_before_is_nothing_new() => Assert.Empty(Between(
        ["10 mkdir(\"/srv/x\", 0777) = 0"],
        ["10 mkdir(\"/srv/x\", 0777) = -1 EEXIST (File exists)", "10 stat(\"/srv/x\", {st_mode=S_IFDIR|0755, st_size=1, ...}) = 0"]).New);

    private static AccessDifference Between(string[] before, string[] after) =>
        AccessDifference.Between(AuditSample.Of(before).Result, AuditSample.Of(after).Result, new GeneralOptions());
}
