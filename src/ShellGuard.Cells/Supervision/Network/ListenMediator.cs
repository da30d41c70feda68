using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Decides and carries out a trapped listen(2): a cell's own sockets may, one from outside would open a port
/// of the host.</summary>
internal sealed class ListenMediator(CellFacts facts, NetworkRecorder recorder)
{
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
            // Of unix sockets too: one of the host's network would answer to one of the host's abstract names.
            string target = Describe(trapped);
            if (trapped.NetworkCookie != facts.NetworkCookie ||
                (!trapped.IsInternet && trapped.Domain != AF_UNIX))
            {
                recorder.DenyBuiltIn(trapped.Thread, Operation.Listen, target, "a cell listens on its own network",
                    "this socket is not of the cell's network", "open a new socket inside the cell");
                reply.Fail(Errno.EACCES);
                return;
            }

            if (!reply.IsWanted || !recorder.AllowBuiltIn(
                trapped.Thread, Operation.Listen, target, "a cell has its own loopback", "never leaves the cell"))
            {
                reply.Fail(Errno.EACCES);
                return;
            }

            reply.Repeat(Sockets.Listen(trapped.Socket, (int)notification.A1));
        }
    }

    private static string Describe(TrappedSocket trapped)
    {
        if (trapped.Domain == AF_UNIX)
        {
            return "unix socket";
        }

        Span<byte> sockaddr = stackalloc byte[TargetAddress.SixLength];
        LinuxResult named = Sockets.LocalAddress(trapped.Socket, sockaddr);
        return named.Succeeded && TargetAddress.TryRead(sockaddr[..(int)named.Value], out TargetAddress local)
            ? local.ToText("tcp")
            : $"socket of family {trapped.Domain}";
    }
}
