using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Events;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Hosting;

/// <summary>Says for each guarantee whether it holds on this host.</summary>
public static class Doctor
{
    /// <summary>Examines this host by using what a cell uses. Leaves nothing but the storage directory.</summary>
    /// <param name="user">Whose cells are meant.</param>
    /// <param name="storageRoot">Where sessions are kept.</param>
    /// <exception cref="StorageException">The storage cannot be used.</exception>
    public static IReadOnlyList<Guarantee> Examine(SessionUser user, string storageRoot)
    {
        SessionStorage storage = SessionStorage.Open(storageRoot, user.Uid);
        CellIdentity identity = new(user.Uid, user.Gid, KeepsRoot: user.Uid == 0);
        HostSettings settings = HostSettings.Read(identity.KeepsRoot, storage.Root);
        Limits everything = new(
            64 << 20, 100, 100, TimeSpan.FromHours(1), 1024, 1 << 30, Limits.None.Sources);
        return Judge(
            new HostProbe(identity, storage.Root).All(),
            LimitPlanner.Plan(everything, identity.KeepsRoot, CgroupHost.Read()),
            settings);
    }

    /// <param name="findings">About every feature.</param>
    /// <param name="limits">How one limit of each kind would be held.</param>
    /// <param name="settings">Why features may be missing.</param>
    internal static IReadOnlyList<Guarantee> Judge(
        IReadOnlyList<HostFinding> findings, LimitPlan limits, HostSettings settings)
    {
        Dictionary<HostFeature, HostFinding> found = findings.ToDictionary(finding => finding.Feature);
        List<Guarantee> guarantees =
        [
            Need("cells", HostFeature.UserNamespaces, HostFeature.UserMapping, HostFeature.OtherNamespaces),
            Need("host read-only", HostFeature.Mounts),
            Need("hidden paths", HostFeature.Mounts, HostFeature.Overlay),
            Need("copy-on-write paths", HostFeature.Overlay),
            Need("private /tmp, /run, /dev, /dev/shm", HostFeature.Mounts),
            Need("no view of outside processes", HostFeature.FreshProc),
            Need("no network but what is granted", HostFeature.OtherNamespaces, HostFeature.Network),
            Need(
                "granted endpoints by name",
                HostFeature.SystemCallFilter, HostFeature.DescriptorTransfer, HostFeature.NetworkIdentity),
            Need("dangerous system calls refused", HostFeature.SystemCallFilter),
            Need("signals do not interrupt trapped calls", HostFeature.KillableNotification),
            Need("no privileges outside the cell", HostFeature.UserNamespaces, HostFeature.UserMapping),
            Need("second floor (Landlock)", HostFeature.Landlock),
            Need("clock offsets of its own", HostFeature.OwnClocks),
            Need("control groups not shown", HostFeature.OwnControlGroups),
            Need("the cell ends with its supervisor", HostFeature.OtherNamespaces),
        ];
        guarantees.AddRange(limits.Limits.OrderBy(limit => limit.Kind).Select(Limit));
        return guarantees;

        Guarantee Need(string name, params HostFeature[] features)
        {
            HostFinding[] findings = Array.ConvertAll(features, feature => found[feature]);
            if (findings.FirstOrDefault(finding => !finding.IsThere)?.Feature is not { } feature)
            {
                return new Guarantee(
                    name, GuaranteeState.Held, string.Join("; ", findings.Select(finding => finding.Detail)), null);
            }

            FeatureAdvice advice = FeatureAdvice.For(feature, settings);
            string how = $"{advice.Missing} ({found[feature].Detail})";
            return advice.Loses is null
                ? new Guarantee(name, GuaranteeState.NotHeld, how, advice.WayOn)
                : new Guarantee(
                    name,
                    feature is HostFeature.Overlay && features.Length > 1 ? GuaranteeState.Partly : GuaranteeState.NotHeld,
                    how,
                    $"{advice.WayOn}; with --allow-degraded {advice.Loses}");
        }
    }

    private static Guarantee Limit(HeldLimit limit)
    {
        string name = $"limit of {LimitText.Name(limit.Kind)}";
        return limit switch
        {
            { IsHeld: false } => new Guarantee(
                name, GuaranteeState.NotHeld, limit.How,
                "run in a control group of your own (systemd-run --user --scope -p Delegate=yes ...) or as root; "
                + "a policy with this limit is refused otherwise"),
            { Kind: LimitKind.LayerSize } => new Guarantee(
                name, GuaranteeState.Partly, limit.How,
                "a cell can exceed it for a second; put the storage on a file system of its own for a hard bound"),
            _ => new Guarantee(name, GuaranteeState.Held, limit.How, null),
        };
    }
}
