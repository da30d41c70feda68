using System.Net;
using System.Net.Sockets;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>getaddrinfo(3) of the host: a name means what it means to the host's own programs, with
/// <c>/etc/hosts</c> and search domains. Keeps an answer for two
/// seconds, so that a program that opens many connections at once does not ask for each.</summary>
public sealed class HostResolver : IHostResolver
{
    private const long KeepMilliseconds = 2000;
    private const int MostKept = 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Time, IPAddress[] Addresses)> _kept = new(StringComparer.Ordinal);

    public IPAddress[]? Resolve(string host)
    {
        long now = Environment.TickCount64;
        lock (_lock)
        {
            if (_kept.TryGetValue(host, out (long Time, IPAddress[] Addresses) known) &&
                now - known.Time < KeepMilliseconds)
            {
                return known.Addresses;
            }
        }

        IPAddress[] addresses;
        try
        {
            addresses = System.Net.Dns.GetHostAddresses(host);
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? [] : null;
        }

        if (addresses.Length > 0)
        {
            lock (_lock)
            {
                if (_kept.Count >= MostKept)
                {
                    _kept.Clear();
                }

                _kept[host] = (now, addresses);
            }
        }

        return addresses;
    }
}
