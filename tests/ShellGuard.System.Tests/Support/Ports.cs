using System.Net;
using System.Net.Sockets;

namespace ShellGuard.System.Tests.Support;

/// <summary>Ports of the host's loopback for servers of tests.</summary>
internal static class Ports
{
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that was free just now and that no other test of this run gets.</summary>
    public static int Free()
    {
        while (true)
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (Given)
            {
                if (Given.Add(port))
                {
                    return port;
                }
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
