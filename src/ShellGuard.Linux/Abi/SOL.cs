namespace ShellGuard.Linux.Abi;

/// <summary>Levels of setsockopt(2), as far as the filter names them.</summary>
[CName("SOL_", "netinet/in.h", "sys/socket.h")]
public enum SOL
{
    IP = 0,
    SOCKET = 1,
    IPV6 = 41,
}
