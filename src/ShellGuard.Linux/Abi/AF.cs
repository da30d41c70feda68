namespace ShellGuard.Linux.Abi;

/// <summary>Address families, address_families(7), as far as the filter names them.</summary>
[CName("AF_", "sys/socket.h")]
public enum AF
{
    UNIX = 1,
    INET = 2,
    INET6 = 10,
    NETLINK = 16,
    PACKET = 17,
    ALG = 38,
    VSOCK = 40,
    XDP = 44,
}
