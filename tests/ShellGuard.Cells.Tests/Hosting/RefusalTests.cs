using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Hosting.Attacks;
using ShellGuard.Cells.Limiting;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using Xunit;

namespace ShellGuard.Cells.Tests.Hosting;

/// <summary>What a failed launch says about the host.</summary>
public sealed class RefusalTests
{
    private static readonly HostSettings Settings = new(IsRoot: false, "/state");

    [Theory]
    [InlineData(Errno.ENOSPC, true)]
    [InlineData(Errno.EPERM, true)]
    [InlineData(Errno.ENOSYS, true)]
    [InlineData(Errno.EAGAIN, false)]
    [InlineData(Errno.ENOMEM, false)]
    public void No_process_at_all_is_no_user_namespace_unless_the_machine_is_full(Errno error, bool missing) =>
        Assert.Equal(
            missing ? HostFeature.UserNamespaces : null,
            LaunchRefusal.FeatureOf(new LaunchOutcome(null, null, error), default));

    [Fact]
    public void Every_feature_says_what_to_do_and_what_would_be_lost()
    {
        foreach (HostFeature feature in Enum.GetValues<HostFeature>())
        {
            FeatureAdvice advice = FeatureAdvice.For(feature, Settings);
            Assert.True(advice.Loses is null ^ advice.Needs is null, feature.ToString());
            string refusal = advice.Refusal("call: EPERM");
            Assert.Contains("--allow-degraded", refusal, StringComparison.Ordinal);
            Assert.Contains("(call: EPERM)", refusal, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', refusal);
            Assert.False(char.IsUpper(refusal[0]) && char.IsLower(refusal[1]), refusal);
        }
    }

    [Fact]
    public void The_way_to_user_namespaces_is_the_setting_that_forbids_them()
    {
        string Way(HostSettings settings) => FeatureAdvice.For(HostFeature.UserNamespaces, settings).WayOn;
        Assert.Contains("user.max_user_namespaces", Way(Settings with { MaximumUserNamespaces = 0 }), StringComparison.Ordinal);
        Assert.Contains("unprivileged_userns_clone", Way(Settings with { UnprivilegedClone = 0 }), StringComparison.Ordinal);
        Assert.Contains("apparmor", Way(Settings with { AppArmorRestricts = true }), StringComparison.Ordinal);
        Assert.Contains("seccomp=unconfined", Way(Settings with { IsContained = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void This_host_has_everything()
    {
        DirectoryInfo storage = Directory.CreateTempSubdirectory("probe");
        HostProbe probe = new(new(0, 0, KeepsRoot: true), storage.FullName);
        Assert.All(probe.All(), finding => Assert.True(finding.IsThere, finding.ToString()));
        Assert.Empty(storage.GetFileSystemInfos());
        storage.Delete();
    }

    [Fact]
    public void What_is_missing_is_conceded_and_nothing_else()
    {
        HostFinding[] findings =
        [
            new(HostFeature.Landlock, IsThere: false, "Landlock version 3"),
            new(HostFeature.OwnClocks, IsThere: false, "unshare: EINVAL"),
            new(HostFeature.Overlay, IsThere: true, "overlay"),
            new(HostFeature.FreshProc, IsThere: false, "mount: EPERM"),
        ];
        HostConcessions concessions = HostConceder.From(findings, 3, Settings);
        Assert.Equal(3, concessions.LandlockVersion);
        Assert.True(concessions.WithoutTimeNamespace);
        Assert.False(concessions.WithoutOverlay || concessions.WithoutCgroupNamespace || concessions.Interruptible);
        Assert.Equal(["Landlock version 3", "unshare: EINVAL"], concessions.All.Select(one => one.Reason));
    }

    [Fact]
    public void Doctor_tells_every_state()
    {
        List<HostFinding> findings =
            [.. Enum.GetValues<HostFeature>().Select(feature => new HostFinding(feature, IsThere: true, "works"))];
        Assert.All(Doctor.Judge(findings, LimitPlan.None, Settings), one => Assert.Equal(GuaranteeState.Held, one.State));
        findings.RemoveAll(finding => finding.Feature is HostFeature.Overlay);
        findings.Add(new HostFinding(HostFeature.Overlay, IsThere: false, "mount: EINVAL"));
        Dictionary<string, GuaranteeState> states = Doctor.Judge(findings, LimitPlan.None, Settings)
            .ToDictionary(one => one.Name, one => one.State);
        Assert.Equal(GuaranteeState.NotHeld, states["copy-on-write paths"]);
        Assert.Equal(GuaranteeState.Partly, states["hidden paths"]);
        Assert.Equal(GuaranteeState.Held, states["host read-only"]);
    }

    [Fact]
    public void An_attack_counts_as_held_only_when_its_answer_shows_it()
    {
        Dictionary<string, string> untouched = [];
        Assert.All(AttackReport.Judge([], untouched), outcome => Assert.False(outcome.IsHeld, outcome.Name));
        List<string> refused =
        [
            .. AttackCatalog.All.SelectMany(
                attack => (string[])[$"trying\t{attack.Name}", $"answer\t{attack.Name}\t{(int)Errno.EPERM}"]),
        ];
        Assert.All(AttackReport.Judge(refused, untouched), outcome => Assert.True(outcome.IsHeld, outcome.Name));
        Dictionary<string, string> touched = new() { ["host-tcp"] = "a connection" };
        Assert.False(AttackReport.Judge(refused, touched).Single(outcome => outcome.Name == "host-tcp").IsHeld);

        // The kernel looked at the arguments: the call was let through.
        refused.Add($"answer\tmount\t{(int)Errno.EFAULT}");
        Assert.False(AttackReport.Judge(refused, untouched).Single(outcome => outcome.Name == "mount").IsHeld);
        Assert.Equal(
            AttackCatalog.All.Count, AttackCatalog.All.Select(attack => attack.Name).Distinct().Count());
    }

    [Fact]
    public void A_call_can_be_asked_directly()
    {
        Assert.Equal(Environment.ProcessId, DirectCall.Run(SystemCall.getpid).Value);
        Assert.Equal(Errno.ENOENT, DirectCall.Run(SystemCall.rmdir, "/no such directory").Error);
    }
}
