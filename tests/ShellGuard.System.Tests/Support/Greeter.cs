using System.Net;
using System.Net.Sockets;

namespace ShellGuard.System.Tests.Support;

/// <summary>A server on the host's loopback, 127.0.0.1 unless told, that says a line to everybody who connects and hangs up.</summary>
internal sealed class Greeter : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Task _serving;
    private int _greeted;

    /// <param name="port">0 for any that is free.</param>
    /// <param name="opens">Until then clients wait in the kernel's queue.</param>
    public Greeter(string line, IPAddress? address = null, int port = 0, Task? opens = null)
    {
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start(10_000);
        _serving = Serve(line, opens ?? Task.CompletedTask);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many clients came.</summary>
    public int Greeted => Volatile.Read(ref _greeted);

    public void Dispose()
    {
        _listener.Stop();
        _serving.Wait();
    }

    private async Task Serve(string line, Task opens)
    {
        await opens;
        while (true)
        {
            try
            {
                using Socket client = await _listener.AcceptSocketAsync();
                Interlocked.Increment(ref _greeted);
                await client.SendAsync(global::System.Text.Encoding.UTF8.GetBytes(line));
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionReset
                or SocketError.Shutdown or SocketError.ConnectionAborted)
            {
                // This client went away first; the next one counts.
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
