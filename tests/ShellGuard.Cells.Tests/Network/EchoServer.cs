using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ShellGuard.Cells.Tests.Network;

/// <summary>A server of the host: echoes, or answers HTTP when it is spoken to in HTTP. Counts its connections.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _connections;

    internal EchoServer()
    {
        _listener.Start(512);
        _ = Task.Run(AcceptAsync);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal int Connections => Volatile.Read(ref _connections);

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (SocketException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            Interlocked.Increment(ref _connections);
            _ = Task.Run(() => ServeAsync(socket));
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            byte[] buffer = new byte[4096];
            try
            {
                int length;
                while ((length = await socket.ReceiveAsync(buffer)) > 0)
                {
                    bool http = buffer.AsSpan(0, length).StartsWith("GET "u8);
                    await socket.SendAsync(
                        http
                            ? Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
                            : buffer.AsMemory(0, length));
                }
            }
            catch (SocketException)
            {
                // The client reset the connection; the next one is served as well.
                return;
            }
        }
    }
}
