namespace ShellGuard.Cells.Hosting;

/// <summary>What a missing feature means and what to do about it.</summary>
/// <param name="Missing">What is missing, as the beginning of a sentence.</param>
/// <param name="WayOn">What to do.</param>
/// <param name="Loses">What <c>--allow-degraded</c> would lose; null where it cannot help.</param>
/// <param name="Needs">Where it cannot help: what would not be held.</param>
public sealed record FeatureAdvice(string Missing, string WayOn, string? Loses, string? Needs = null)
{
    /// <summary>One line.</summary>
    /// <param name="detail">The call and its error.</param>
    public string Refusal(string detail) => Loses is not null
        ? $"{Missing} ({detail}): {WayOn}, or accept with --allow-degraded that {Loses}"
        : $"{Missing} ({detail}): {WayOn}; --allow-degraded cannot help: {Needs}";

    public static FeatureAdvice For(HostFeature feature, HostSettings settings) => feature switch
    {
        HostFeature.UserNamespaces => new(
            "no user namespaces here", WayToUserNamespaces(settings), null, "without them nothing would be held"),
        HostFeature.UserMapping => new(
            "this user cannot be mapped into a user namespace",
            "run outside of the namespace or container that forbids it",
            null, "the cell would have no identity"),
        HostFeature.OtherNamespaces => new(
            "not every kind of namespace can be made here",
            "raise the numbers in /proc/sys/user/max_*_namespaces", null, "files, processes or network would be shared"),
        HostFeature.Mounts => new(
            "the cell's view of the file system cannot be mounted",
            settings.IsContained
                ? "run the container with a seccomp profile and an AppArmor profile that allow mount in a user namespace"
                : "look at the kernel's log for the security module that refuses it",
            null, "the cell would see and change the host's files"),
        HostFeature.FreshProc => new(
            "a new /proc cannot be mounted, because parts of this one are covered",
            "in Docker or Podman run the container with --security-opt systempaths=unconfined", null,
            "the cell would see and reach the processes outside"),
        HostFeature.Overlay => new(
            "overlayfs does not work in a user namespace on the storage's file system",
            $"set SHELLGUARD_STATE to a directory on ext4, xfs, btrfs or a newer tmpfs (now {settings.Storage}); "
            + "inside a container to a volume of mode 0700",
            "copy-on-write directories are read-only and hidden names are only covered where they exist now"),
        HostFeature.Landlock => new(
            "no Landlock, or an old one",
            "use Linux 6.12 or newer with landlock in the list of /sys/kernel/security/lsm",
            "the second floor is missing: only the mounts keep files from being written"),
        HostFeature.SystemCallFilter => new(
            "no system-call filter with a supervisor can be installed",
            settings.IsContained
                ? "run the container with a seccomp profile that allows seccomp(2), or outside of another supervisor"
                : "use a kernel with CONFIG_SECCOMP_FILTER, Linux 5.9 or newer",
            null, "dangerous system calls and the network would be open"),
        HostFeature.KillableNotification => new(
            "trapped system calls can be interrupted by signals",
            "use Linux 6.0 or newer", "programs may see EINTR where they never do otherwise"),
        HostFeature.OwnClocks => new(
            "no time namespaces", "use a kernel with CONFIG_TIME_NS",
            "the cell shares the host's clock offsets, which it cannot change"),
        HostFeature.OwnControlGroups => new(
            "no cgroup namespaces", "use a kernel with CONFIG_CGROUPS",
            "the cell can read in /proc/self/cgroup where on the host it runs"),
        HostFeature.DescriptorTransfer => new(
            "descriptors cannot be fetched from processes (pidfd_getfd)",
            settings.IsContained
                ? "run the container with a seccomp profile that allows pidfd_getfd(2)"
                : "use Linux 5.6 or newer, and kernel.yama.ptrace_scope below 3",
            null, "connections could not be mediated"),
        HostFeature.NetworkIdentity => new(
            "network namespaces cannot be told apart (SO_NETNS_COOKIE)", "use Linux 5.14 or newer", null,
            "connections could not be mediated"),
        _ => new(
            "the cell's own network cannot be set up", "look at the kernel's log", null,
            "names and connections could not be mediated"),
    };

    private static string WayToUserNamespaces(HostSettings settings) => settings switch
    {
        { MaximumUserNamespaces: 0 } => "set sysctl user.max_user_namespaces to a number above 0, such as 10000",
        { UnprivilegedClone: 0 } => "set sysctl kernel.unprivileged_userns_clone=1, or run as root",
        { AppArmorRestricts: true } =>
            "set sysctl kernel.apparmor_restrict_unprivileged_userns=0, or give shellguard an AppArmor profile with userns",
        { IsContained: true } =>
            "this process runs under a container's filter: run the container with --security-opt seccomp=unconfined "
            + "--security-opt systempaths=unconfined, or ShellGuard on the host around the container",
        _ => "use a kernel with CONFIG_USER_NS, and look at sysctl user.max_user_namespaces",
    };
}
