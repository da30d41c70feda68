using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Decides and carries out a trapped connect(2). What is judged is a copy of the address in our memory and a
/// duplicate of the socket; what is done is done with exactly these two.</summary>
internal sealed partial class ConnectMediator(
    CellFacts facts,
    INetworkRules rules,
    IQuestions questions,
    NetworkRecorder recorder,
    Dns.SessionAddresses addresses,
    IHostResolver resolver,
    ResolvedAddresses resolved,
    EpollInstances instances,
    IEndpoints? endpoints)
{
    /// <summary>sizeof(struct sockaddr_storage): the kernel takes no more, connect(2) EINVAL.</summary>
    private const int LongestAddress = 128;

    private readonly InjectedSockets _injected = new();

    /// <summary>Handles one call from its beginning to its answer; may wait. Runs on a worker.</summary>
    internal void Handle(in Notification notification, Reply reply)
    {
        LinuxResult opened = TrappedSocket.Open(notification, out TrappedSocket? trapped);
        if (trapped is null)
        {
            reply.Fail(opened.Error is Errno.EBADF or Errno.ENOTSOCK ? opened.Error : Errno.EACCES);
            return;
        }

        using (trapped)
        {
            int length = (int)notification.A2;
            if (length is < 0 or > LongestAddress)
            {
                reply.Fail(Errno.EINVAL);
                return;
            }

            Span<byte> sockaddr = stackalloc byte[LongestAddress];
            sockaddr = sockaddr[..length];
            LinuxResult read = RemoteMemory.Read(notification.ThreadId, notification.A1, sockaddr);
            if (read.Failed)
            {
                reply.Fail(read.Error == Errno.EFAULT ? Errno.EFAULT : Errno.EACCES);
                return;
            }

            if (!reply.IsWanted)
            {
                reply.Fail(Errno.EACCES);
                return;
            }

            Decide(trapped, sockaddr, reply);
        }
    }

    private void Decide(TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, Reply reply)
    {
        if (sockaddr.Length < 2)
        {
            reply.Fail(Errno.EINVAL);
        }
        else if (trapped.Domain == AF_UNIX)
        {
            DecideUnix(trapped, sockaddr, reply);
        }
        else if (!trapped.IsInternet)
        {
            Refuse(trapped, reply, Errno.EAFNOSUPPORT, $"address family {trapped.Domain}",
                "only TCP and unix sockets connect", "this kind of socket reaches past the cell's network");
        }
        else if (trapped.NetworkCookie != facts.NetworkCookie)
        {
            DecideInjected(trapped, sockaddr, reply);
        }
        else if (TargetAddress.FamilyOf(sockaddr) == AF_UNSPEC)
        {
            // Dissolves an association inside the cell's own namespace.
            reply.Repeat(Sockets.Connect(trapped.Socket, sockaddr));
        }
        else if (!TargetAddress.TryRead(sockaddr, out TargetAddress target))
        {
            reply.Fail(TargetAddress.FamilyOf(sockaddr) is AF_INET or AF_INET6 ? Errno.EINVAL : Errno.EAFNOSUPPORT);
        }
        else if (trapped.IsTcp)
        {
            DecideTcp(trapped, sockaddr, target, reply);
        }
        else if (trapped.Type == SOCK_DGRAM && trapped.Protocol is 0 or IPPROTO_UDP)
        {
            DecideUdp(trapped, sockaddr, target, reply);
        }
        else
        {
            Refuse(trapped, reply, Errno.EAFNOSUPPORT, target.ToText($"protocol {trapped.Protocol}"),
                "only TCP reaches outside", "no rule can grant this protocol");
        }
    }

    /// <summary>A socket that was handed in is connected, or is being connected, to what was granted. It never gets
    /// another target, and AF_UNSPEC would free it for one.</summary>
    private void DecideInjected(TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, Reply reply)
    {
        if (trapped.IsTcp && TargetAddress.TryRead(sockaddr, out TargetAddress target) &&
            _injected.IsFor(trapped.Socket, target))
        {
            int state = trapped.TcpState();
            if (state is TCP_SYN_SENT or TCP_SYN_RECV)
            {
                reply.Fail(Errno.EALREADY);
                return;
            }

            if (state != TCP_CLOSE)
            {
                reply.Fail(Errno.EISCONN);
                return;
            }

            if (Sockets.GetOption(trapped.Socket, SOL_SOCKET, SO_ERROR, out int error).Succeeded && error != 0)
            {
                reply.Fail((Errno)error);
                return;
            }
        }

        string text = TargetAddress.TryRead(sockaddr, out TargetAddress other)
            ? other.ToText("tcp")
            : "AF_UNSPEC";
        Refuse(trapped, reply, Errno.EACCES, text, "a socket from outside keeps its target",
            "this socket was connected to a granted endpoint and cannot be pointed elsewhere",
            "open a new socket");
    }

    private void DecideUdp(
        TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, TargetAddress target, Reply reply)
    {
        // Nothing but the cell's own loopback is in its namespace, so the kernel holds this even if we did not; the
        // check is for the reason that a person reads. Not recorded: getaddrinfo(3) connects one for every address
        // that it sorts, and sends nothing.
        if (target.IsOwnHost || Dns.SessionAddresses.IsSessionAddress(target.Address))
        {
            reply.Repeat(Sockets.Connect(trapped.Socket, sockaddr));
            return;
        }

        Refuse(trapped, reply, Errno.ENETUNREACH, target.ToText("udp"), "UDP stays inside the cell",
            "datagrams do not leave a cell", "use the endpoint over TCP and grant it with --net HOST:PORT");
    }

    private void Refuse(
        TrappedSocket trapped,
        Reply reply,
        Errno error,
        string target,
        string rule,
        string reason,
        string? wayOn = null)
    {
        recorder.DenyBuiltIn(trapped.Thread, Operation.Connect, target, rule, reason, wayOn);
        reply.Fail(error);
    }
}
