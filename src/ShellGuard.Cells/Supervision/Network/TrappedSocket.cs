using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>The socket that a waiting thread named in its call, duplicated: the same open file description, so that
/// what is judged is what is acted on, whatever the program does with the number meanwhile.</summary>
internal sealed class TrappedSocket : IDisposable
{
    private TrappedSocket(Descriptor socket, int thread, int number)
    {
        Socket = socket;
        Thread = thread;
        Number = number;
    }

    internal Descriptor Socket { get; }

    internal int Thread { get; }

    /// <summary>The number in the caller's table.</summary>
    internal int Number { get; }

    internal int Domain { get; private set; }

    internal int Type { get; private set; }

    internal int Protocol { get; private set; }

    /// <summary>Which network namespace it belongs to, SO_NETNS_COOKIE.</summary>
    internal ulong NetworkCookie { get; private set; }

    internal bool NonBlocking { get; private set; }

    internal bool IsInternet => Domain is AF_INET or AF_INET6;

    internal bool IsTcp => IsInternet && Type == SOCK_STREAM && Protocol is 0 or IPPROTO_TCP or IPPROTO_MPTCP;

    public void Dispose() => Socket.Dispose();

    /// <returns>EBADF and ENOTSOCK as the program's own call would give; EPERM and ESRCH are failures of ours.</returns>
    internal static LinuxResult Open(in Notification notification, out TrappedSocket? trapped)
    {
        trapped = null;
        int number = (int)notification.A0;
        LinuxResult result = PidFd.OpenThread(notification.ThreadId, out PidFd pidFd);
        if (result.Error == Errno.EINVAL && ProcessStatus.Read(notification.ThreadId) is { } status)
        {
            result = PidFd.OpenThread(status.Process, out pidFd);
        }

        Descriptor socket = new();
        using (pidFd)
        {
            result = result.Failed ? result : pidFd.GetDescriptor(number, out socket);
        }

        if (result.Failed)
        {
            return result;
        }

        TrappedSocket opened = new(socket, notification.ThreadId, number);
        result = opened.Learn();
        if (result.Failed)
        {
            opened.Dispose();
            return result;
        }

        trapped = opened;
        return result;
    }

    /// <summary>The state of its TCP connection; TCP_CLOSE also where it has none.</summary>
    internal int TcpState()
    {
        Span<byte> info = stackalloc byte[1];
        return Sockets.GetOption(Socket, IPPROTO_TCP, TCP_INFO, info) is { Succeeded: true, Value: 1 }
            ? info[0]
            : TCP_CLOSE;
    }

    private LinuxResult Learn()
    {
        LinuxResult result = Sockets.GetOption(Socket, SOL_SOCKET, SO_DOMAIN, out int domain);
        if (result.Failed)
        {
            return result;
        }

        Domain = domain;
        result = Sockets.GetOption(Socket, SOL_SOCKET, SO_TYPE, out int type);
        Type = type;
        if (result.Failed)
        {
            return result;
        }

        result = Sockets.GetOption(Socket, SOL_SOCKET, SO_PROTOCOL, out int protocol);
        Protocol = protocol;
        if (result.Failed)
        {
            return result;
        }

        result = Sockets.GetOption(Socket, SOL_SOCKET, SO_NETNS_COOKIE, out ulong cookie);
        NetworkCookie = cookie;
        if (result.Failed)
        {
            return result;
        }

        result = FileFlags.IsNonBlocking(Socket, out bool nonBlocking);
        NonBlocking = nonBlocking;
        return result;
    }
}
