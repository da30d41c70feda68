namespace ShellGuard.Linux.Abi;

/// <summary>Protocols of netlink sockets, netlink(7), as far as the filter names them.</summary>
[CName("NETLINK_", "linux/netlink.h")]
public enum NETLINK
{
    ROUTE = 0,
    AUDIT = 9,
    NETFILTER = 12,
    KOBJECT_UEVENT = 15,
}
