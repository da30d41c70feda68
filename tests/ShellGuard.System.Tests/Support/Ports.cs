using System.Net;
using System.Net.Sockets;

namespace ShellGuard.System.Tests.Support;

/// <summary>Ports of the host's loopback for servers of tests.</summary>
internal static class Ports
{
    private static readonly HashSet<int> Given = [];

    /// <summary>Below 32768: the kernel gives the ports above to clients, and some tests have thousands of those.</summary>
    private const int First = 20_000;

    private const int Behind = 32_000;

    /// <summary>A port that was free just now and that no other test of this run gets.</summary>
    public static int Free()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, Behind);
            lock (Given)
            {
                if (!Given.Add(port))
                {
                    continue;
                }
            }

            try
            {
                using TcpListener listener = new(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's; the next.
            }
        }
    }

    /// <summary>Waits until somebody listens.</summary>
    public static void WaitFor(int port) => Programs.WaitUntil(
        () =>
        {
            using TcpClient client = new();
            try
            {
                client.Connect(IPAddress.Loopback, port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        },
        $"a server on port {port}");
}
