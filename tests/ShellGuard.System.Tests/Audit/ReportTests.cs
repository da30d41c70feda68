using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What a security department reads, of real recordings.</summary>
public sealed class ReportTests
{
    /// <summary>As programs change files: another one is made and put in its place. And as they hide what they read.</summary>
    [Fact]
    public void It_says_where_things_were_put_and_where_links_led()
    {
        using DaemonWorld world = new();
        world.Run("""
            layer /etc
            ln -s /etc/shadow innocent; echo a > settings; echo b > new
            shellguard trace -q -o own -- sh -c 'cat innocent; mv new /etc/cron.d/ours; ln /etc/gshadow /etc/other; sed -i s/a/c/ settings' > output
            """);
        string audit = $"{world.Area.Work}/own";
        string report = world.Shellguard("report", audit).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains("serious: read credentials (1): /etc/shadow", report, StringComparison.Ordinal);
        Assert.Contains("serious: changed credentials (1): /etc/gshadow", report, StringComparison.Ordinal);
        Assert.Matches("serious: changed places from which the host runs something .*/etc/cron.d/ours", report);
        Assert.Matches($"{world.Area.Work}/settings \\| create", report);
        string policy = world.Shellguard("learn", audit);
        Assert.Contains("it is a credential", policy, StringComparison.Ordinal);
        Assert.Contains("/etc/cron.d lets only its owner or group make and delete names in it", policy, StringComparison.Ordinal);
    }
}
