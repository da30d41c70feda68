using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Sockets.</content>
public sealed partial class SystemCallTable
{
    /// <summary>The kernel's SOCK_TYPE_MASK: the type without SOCK_CLOEXEC and SOCK_NONBLOCK.</summary>
    private const uint SocketTypeMask = 0xf;

    private static void AddNetwork(SystemCallTableBuilder lines, FilterOptions options)
    {
        lines.Partly(
            socket,
            FilterOutcome.Deny(Errno.EAFNOSUPPORT),
            Holder.NetworkNamespace,
            "only families whose destinations are judged when they connect, or that stay in the cell's own network "
            + "namespace; raw, packet, vsock, AF_ALG, XDP, bluetooth and the rest are not for a cell",
            Socket(AF.UNIX, SOCK.STREAM, "a unix stream; connect is mediated"),
            Socket(AF.UNIX, SOCK.SEQPACKET, "a unix packet stream; connect is mediated"),
            RefuseFamily(
                AF.UNIX,
                Errno.EACCES,
                "a unix datagram socket sends to any name in sight, and the name is behind a pointer; the kernel "
                + "takes a raw one as the same"),
            Socket(AF.INET, SOCK.STREAM, IPPROTO.IP, "tcp; connect is mediated"),
            Socket(AF.INET, SOCK.STREAM, IPPROTO.TCP, "tcp; connect is mediated"),
            Socket(AF.INET, SOCK.DGRAM, IPPROTO.IP, "udp, in the cell's own network namespace"),
            Socket(AF.INET, SOCK.DGRAM, IPPROTO.UDP, "udp, in the cell's own network namespace"),
            RefuseType(AF.INET, SOCK.RAW, Errno.EPERM, "raw packets; the error of a user without CAP_NET_RAW"),
            RefuseFamily(AF.INET, Errno.EPROTONOSUPPORT, "mptcp, sctp, ping and the rest; programs fall back to tcp"),
            Socket(AF.INET6, SOCK.STREAM, IPPROTO.IP, "tcp; connect is mediated"),
            Socket(AF.INET6, SOCK.STREAM, IPPROTO.TCP, "tcp; connect is mediated"),
            Socket(AF.INET6, SOCK.DGRAM, IPPROTO.IP, "udp, in the cell's own network namespace"),
            Socket(AF.INET6, SOCK.DGRAM, IPPROTO.UDP, "udp, in the cell's own network namespace"),
            RefuseType(AF.INET6, SOCK.RAW, Errno.EPERM, "raw packets; the error of a user without CAP_NET_RAW"),
            RefuseFamily(AF.INET6, Errno.EPROTONOSUPPORT, "mptcp, sctp, ping and the rest; programs fall back to tcp"),
            new ArgumentRule(
                options.Apart ? FilterOutcome.Mediate : FilterOutcome.Pass,
                "routes and interfaces of the cell's own network namespace, for getifaddrs(3)",
                [ArgumentTest.Is(0, (uint)AF.NETLINK), ArgumentTest.Is(2, (uint)NETLINK.ROUTE)]),
            RefuseFamily(AF.NETLINK, Errno.EPROTONOSUPPORT, "netfilter, audit, uevents and other kernel services"));

        lines.Partly(
            socketpair,
            FilterOutcome.Deny(Errno.EAFNOSUPPORT),
            Holder.Filter,
            "only unix sockets come in pairs",
            Socket(AF.UNIX, SOCK.STREAM, "two ends of a stream"),
            Socket(AF.UNIX, SOCK.SEQPACKET, "two ends of a packet stream"),
            RefuseFamily(AF.UNIX, Errno.EACCES, "datagrams, which can be sent to other names as well"));

        lines.Mediate(
            "the destination is judged, and the supervisor connects; stays so for the socket's life, or an injected "
            + "socket could be pointed elsewhere",
            connect);
        lines.Mediate(
            "made by the supervisor, which so knows where a socket's entries are that move with a connect",
            epoll_create,
            epoll_create1);
        lines.Mediate("an injected socket must never become a server on the host", listen);

        lines.Pass(
            Holder.NetworkNamespace,
            "names a socket in the cell's own namespace; without listen or connect a name receives nothing by stream",
            bind);
        lines.Pass(
            Holder.Descriptors,
            "uses a socket that is there",
            accept,
            accept4,
            recvfrom,
            recvmsg,
            recvmmsg,
            shutdown,
            getsockname,
            getpeername);

        AddSend(lines, sendto, flagsArgument: 3);
        AddSend(lines, sendmsg, flagsArgument: 2);
        AddSend(lines, sendmmsg, flagsArgument: 3);

        lines.Partly(
            setsockopt,
            FilterOutcome.Pass,
            Holder.NetworkNamespace,
            "options of a socket that is there",
            [
                RefuseOption(SOL.IP, XT_SO.IPT_SO_SET_REPLACE),
                RefuseOption(SOL.IPV6, XT_SO.IP6T_SO_SET_REPLACE),
                .. Counted(options.Apart, SO.PASSPIDFD),
            ]);
        lines.Partly(
            getsockopt,
            FilterOutcome.Pass,
            Holder.Descriptors,
            "options of a socket that is there",
            [
                .. Counted(options.Apart, SO.COOKIE),
                .. Counted(options.Apart, SO.NETNS_COOKIE),
                .. Counted(options.Apart, SO.PEERPIDFD),
            ]);
    }

    private static void AddSend(SystemCallTableBuilder lines, SystemCall call, int flagsArgument) =>
        lines.Partly(
            call,
            FilterOutcome.Pass,
            Holder.Descriptors,
            "sends on what is connected, or by datagram inside the cell's own network namespace",
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EOPNOTSUPP),
                "MSG_FASTOPEN connects past connect; the error of net.ipv4.tcp_fastopen = 0, after which programs "
                + "connect",
                [ArgumentTest.HasAny(flagsArgument, (uint)MSG.FASTOPEN)]));

    private static ArgumentRule Socket(AF family, SOCK type, string meaning) =>
        new(
            FilterOutcome.Pass,
            meaning,
            [ArgumentTest.Is(0, (uint)family), ArgumentTest.Is(1, SocketTypeMask, (uint)type)]);

    private static ArgumentRule Socket(AF family, SOCK type, IPPROTO protocol, string meaning) =>
        new(
            FilterOutcome.Pass,
            meaning,
            [
                ArgumentTest.Is(0, (uint)family),
                ArgumentTest.Is(1, SocketTypeMask, (uint)type),
                ArgumentTest.Is(2, (uint)protocol),
            ]);

    private static ArgumentRule RefuseType(AF family, SOCK type, Errno error, string meaning) =>
        new(
            FilterOutcome.Deny(error),
            meaning,
            [ArgumentTest.Is(0, (uint)family), ArgumentTest.Is(1, SocketTypeMask, (uint)type)]);

    private static ArgumentRule RefuseFamily(AF family, Errno error, string meaning) =>
        new(FilterOutcome.Deny(error), meaning, [ArgumentTest.Is(0, (uint)family)]);

    private static ArgumentRule RefuseOption(SOL level, XT_SO option) =>
        new(
            FilterOutcome.Deny(Errno.EPERM),
            "replaces packet filter tables; a parser for privileged callers, with a history",
            [ArgumentTest.Is(1, (uint)level), ArgumentTest.Is(2, (uint)option)]);
}
