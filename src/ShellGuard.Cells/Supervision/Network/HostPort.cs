using System.Net;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Gives a socket that will be handed into a cell a port of its own, by number. A port that the kernel chose
/// is given back when the connection dies, and the cell could then bind(2) the socket to any port of the host; one that
/// was asked for by number stays, and every later bind is EINVAL.</summary>
internal static class HostPort
{
    private const int Tries = 8;

    internal static LinuxResult Hold(Descriptor socket, int family)
    {
        // Ports in TIME_WAIT towards other peers may be shared, as by connections without a port of their own.
        Sockets.GetOption(socket, SOL_SOCKET, SO_REUSEADDR, out int asked);
        Sockets.SetOption(socket, SOL_SOCKET, SO_REUSEADDR, 1);
        LinuxResult result = default;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            result = Choose(family, out int port);
            result = result.Failed ? result : Bind(socket, family, port);
            if (result.Error != Errno.EADDRINUSE)
            {
                break;
            }
        }

        Sockets.SetOption(socket, SOL_SOCKET, SO_REUSEADDR, asked);
        return result;
    }

    /// <summary>Lets the kernel choose a free port for a socket that is closed again.</summary>
    private static LinuxResult Choose(int family, out int port)
    {
        port = 0;
        LinuxResult result = Sockets.Create(family, SOCK_STREAM, IPPROTO_TCP, out Descriptor probe);
        using (probe)
        {
            if (result.Failed)
            {
                return result;
            }

            Sockets.SetOption(probe, SOL_SOCKET, SO_REUSEADDR, 1);
            result = Bind(probe, family, 0);
            Span<byte> address = stackalloc byte[TargetAddress.SixLength];
            result = result.Failed ? result : Sockets.LocalAddress(probe, address);
            port = (address[2] << 8) | address[3];
            return result;
        }
    }

    private static LinuxResult Bind(Descriptor socket, int family, int port)
    {
        TargetAddress any = new(family == AF_INET6 ? IPAddress.IPv6Any : IPAddress.Any, port);
        Span<byte> address = stackalloc byte[TargetAddress.SixLength];
        return Sockets.Bind(socket, any.Write(family, address));
    }
}
