namespace ShellGuard.Cells.Hosting;

/// <summary>What a cell needs of the kernel and of the machine's settings.</summary>
public enum HostFeature
{
    UserNamespaces,
    UserMapping,
    OtherNamespaces,
    Mounts,
    FreshProc,
    Overlay,
    Landlock,
    SystemCallFilter,
    KillableNotification,
    OwnClocks,
    OwnControlGroups,
    DescriptorTransfer,
    NetworkIdentity,
    Network,
}
