namespace ShellGuard.Linux.Abi;

/// <summary>Options of sockets, socket(7), as far as the filter names them.</summary>
[CName("SO_", "asm/socket.h")]
public enum SO
{
    COOKIE = 57,
    NETNS_COOKIE = 71,
    [NewerThanHeaders("Linux 6.5, include/uapi/asm-generic/socket.h")]
    PASSPIDFD = 76,
    [NewerThanHeaders("Linux 6.5, include/uapi/asm-generic/socket.h")]
    PEERPIDFD = 77,
}
