namespace ShellGuard.Linux.Abi;

/// <summary>Protocols of internet sockets, ip(7).</summary>
[CName("IPPROTO_", "linux/in.h")]
public enum IPPROTO
{
    IP = 0,
    ICMP = 1,
    TCP = 6,
    UDP = 17,
    SCTP = 132,
    MPTCP = 262,
}
