using System.Buffers.Binary;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Hosting.Attacks;

internal static partial class AttackCatalog
{
    private const int SOCK_DGRAM_TYPE = 2;
    private const int SOCK_RAW = 3;
    private const int AF_PACKET = 17;
    private const int AF_ALG = 38;
    private const int AF_VSOCK = 40;

    private static IEnumerable<Attack> NetworkAttacks()
    {
        yield return new("host-tcp", "connect to a TCP port of the host's loopback", Refused,
            targets => Connect(AF_INET, SOCK_STREAM, Internet(targets.Port)))
        {
            AnyError = true,
        };
        yield return new("host-udp", "send a datagram to the host's loopback", "the host's port gets nothing",
            targets => SendTo(AF_INET, Internet(targets.Port)))
        {
            MaySucceed = true,
        };
        yield return new("abstract-socket", "connect to an abstract unix socket of the host", Refused,
            targets => Connect(AF_UNIX, SOCK_STREAM, Unix("\0" + targets.AbstractName)));
        yield return new("path-socket", "connect to a unix socket in a path that is shown", Refused,
            targets => Connect(AF_UNIX, SOCK_STREAM, Unix(targets.StreamSocket + "\0")));
        yield return new("path-datagram", "send a datagram to a unix socket in a path that is shown", Refused,
            targets => SendTo(AF_UNIX, Unix(targets.DatagramSocket + "\0")));
        yield return new("docker-socket", "connect to the container daemon's socket", NotThere,
            _ => Connect(AF_UNIX, SOCK_STREAM, Unix("/run/docker.sock\0")));
        yield return new("bus-socket", "connect to the system bus", NotThere,
            _ => Connect(AF_UNIX, SOCK_STREAM, Unix("/run/dbus/system_bus_socket\0")));
        yield return Socket("packet-socket", "read the network's packets", AF_PACKET, SOCK_RAW);
        yield return Socket("raw-socket", "send raw packets", AF_INET, SOCK_RAW, 1);
        yield return Socket("vsock", "reach the hypervisor", AF_VSOCK, SOCK_STREAM);
        yield return Socket("kernel-crypto", "open the kernel's crypto interface", AF_ALG, 5);
    }

    private static Attack Socket(string name, string tried, int domain, int type, int protocol = 0) =>
        new(name, tried, Refused, _ => With(Sockets.Create(domain, type, protocol, out Descriptor socket), socket, _ => default));

    private static LinuxResult Connect(int domain, int type, byte[] address) =>
        With(Sockets.Create(domain, type, 0, out Descriptor socket), socket, open => Sockets.Connect(open, address));

    /// <summary>In a cell a loopback of its own takes datagrams and nobody reads them: what counts is the canary.
    /// </summary>
    private static LinuxResult SendTo(int domain, byte[] address) =>
        With(Sockets.Create(domain, SOCK_DGRAM_TYPE, 0, out Descriptor socket), socket,
            open => Sockets.Send(open, "canary"u8, 0, address));

    private static byte[] Internet(int port)
    {
        byte[] address = new byte[16];
        address[0] = AF_INET;
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)port);
        address[4] = 127;
        address[7] = 1;
        return address;
    }

    private static byte[] Unix(string path) => [AF_UNIX, 0, .. Encoding.UTF8.GetBytes(path)];
}
