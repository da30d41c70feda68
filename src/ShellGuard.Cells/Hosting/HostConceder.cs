using ShellGuard.Cells.Planning;

namespace ShellGuard.Cells.Hosting;

/// <summary>Decides what a cell does without on this host, for <c>--allow-degraded</c>.</summary>
public static class HostConceder
{
    private static readonly HostFeature[] Dispensable =
    [
        HostFeature.Landlock, HostFeature.KillableNotification, HostFeature.OwnClocks, HostFeature.OwnControlGroups,
        HostFeature.Overlay,
    ];

    /// <summary>Asks the host. A feature that a cell cannot do without is not looked at: the launch refuses. Without
    /// user namespaces nothing is conceded, because nothing can be found out.</summary>
    public static HostConcessions Find(CellIdentity identity, HostSettings settings)
    {
        HostProbe probe = new(identity, settings.Storage);
        if (!probe.Find(HostFeature.UserMapping).IsThere)
        {
            return HostConcessions.None;
        }

        return From(Array.ConvertAll(Dispensable, probe.Find), HostProbe.LandlockVersion(out _), settings);
    }

    /// <param name="findings">About features that can be done without; others are ignored.</param>
    /// <param name="landlock">The Landlock version of the kernel.</param>
    internal static HostConcessions From(
        IReadOnlyList<HostFinding> findings, int landlock, HostSettings settings)
    {
        HashSet<HostFeature> missing = [];
        foreach (HostFinding finding in findings.Where(finding => !finding.IsThere))
        {
            missing.Add(finding.Feature);
        }

        return new HostConcessions
        {
            LandlockVersion = missing.Contains(HostFeature.Landlock) ? landlock : HostConcessions.FullLandlock,
            Interruptible = missing.Contains(HostFeature.KillableNotification),
            WithoutTimeNamespace = missing.Contains(HostFeature.OwnClocks),
            WithoutCgroupNamespace = missing.Contains(HostFeature.OwnControlGroups),
            WithoutOverlay = missing.Contains(HostFeature.Overlay),
            All =
            [
                .. findings
                    .Where(finding => !finding.IsThere && Dispensable.Contains(finding.Feature))
                    .Select(finding => new Concession(
                        FeatureAdvice.For(finding.Feature, settings).Loses!, finding.Detail)),
            ],
        };
    }
}
