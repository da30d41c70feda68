namespace ShellGuard.Linux.Abi;

/// <summary>The socket options by which iptables(8) replaces the tables of a network namespace.</summary>
[CName("", "linux/if.h", "linux/netfilter_ipv4/ip_tables.h", "linux/netfilter_ipv6/ip6_tables.h")]
public enum XT_SO
{
    IPT_SO_SET_REPLACE = 64,
    IP6T_SO_SET_REPLACE = IPT_SO_SET_REPLACE,
}
