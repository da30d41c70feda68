namespace ShellGuard.Linux.Abi;

/// <summary>Numbers of socket(7), ip(7), ipv6(7), tcp(7), unix(7) and recvmsg(2) on x86-64, by the kernel's names;
/// checked against the C compiler.</summary>
[CName("", "sys/socket.h", "netinet/in.h", "netinet/tcp.h", "linux/socket.h", "poll.h")]
public static class SocketConstants
{
    public const int AF_UNSPEC = 0;
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;

    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int SOCK_SEQPACKET = 5;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int SOCK_NONBLOCK = 0x800;

    public const int IPPROTO_IP = 0;
    public const int IPPROTO_TCP = 6;
    public const int IPPROTO_UDP = 17;
    public const int IPPROTO_IPV6 = 41;
    public const int IPPROTO_MPTCP = 262;

    public const int SOL_SOCKET = 1;
    public const int SO_REUSEADDR = 2;
    public const int SO_TYPE = 3;
    public const int SO_ERROR = 4;
    public const int SO_SNDBUF = 7;
    public const int SO_RCVBUF = 8;
    public const int SO_KEEPALIVE = 9;
    public const int SO_OOBINLINE = 10;
    public const int SO_PRIORITY = 12;
    public const int SO_LINGER = 13;
    public const int SO_PEERCRED = 17;
    public const int SO_RCVLOWAT = 18;
    public const int SO_RCVTIMEO = 20;
    public const int SO_SNDTIMEO = 21;
    public const int SO_TIMESTAMP = 29;
    public const int SO_ACCEPTCONN = 30;
    public const int SO_PROTOCOL = 38;
    public const int SO_DOMAIN = 39;
    public const int SO_BUSY_POLL = 46;
    public const int SO_COOKIE = 57;
    public const int SO_NETNS_COOKIE = 71;
    public const int SO_BUF_LOCK = 72;

    /// <summary>SO_BUF_LOCK: the program fixed the send buffer, so the kernel does not tune it.</summary>
    public const int SOCK_SNDBUF_LOCK = 1;

    /// <summary>SO_BUF_LOCK: the program fixed the receive buffer, so the kernel does not tune it.</summary>
    public const int SOCK_RCVBUF_LOCK = 2;

    public const int IP_TOS = 1;
    public const int IP_TTL = 2;
    public const int IPV6_V6ONLY = 26;
    public const int IPV6_UNICAST_HOPS = 16;
    public const int IPV6_TCLASS = 67;

    public const int TCP_NODELAY = 1;
    public const int TCP_CORK = 3;
    public const int TCP_KEEPIDLE = 4;
    public const int TCP_KEEPINTVL = 5;
    public const int TCP_KEEPCNT = 6;
    public const int TCP_SYNCNT = 7;
    public const int TCP_LINGER2 = 8;
    public const int TCP_INFO = 11;
    public const int TCP_QUICKACK = 12;
    public const int TCP_USER_TIMEOUT = 18;
    public const int TCP_NOTSENT_LOWAT = 25;

    /// <summary>First byte of struct tcp_info, tcpi_state.</summary>
    public const int TCP_ESTABLISHED = 1;
    public const int TCP_SYN_SENT = 2;
    public const int TCP_SYN_RECV = 3;
    public const int TCP_CLOSE = 7;

    public const int SCM_RIGHTS = 1;

    public const int MSG_PEEK = 2;
    public const int MSG_CTRUNC = 8;
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_NOSIGNAL = 0x4000;
    public const int MSG_CMSG_CLOEXEC = 0x40000000;

    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const short POLLERR = 8;
    public const short POLLHUP = 0x10;
}
