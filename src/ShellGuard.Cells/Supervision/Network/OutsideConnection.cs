using System.Net;
using System.Net.Sockets;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Connects from the supervisor's network namespace to the first of several addresses that answers: one is
/// begun, and another beside it when the first fails or is silent for a while (after RFC 8305).</summary>
internal static class OutsideConnection
{
    /// <summary>How long one address may be silent before the next is tried beside it, RFC 8305 section 5.</summary>
    private const int StaggerMilliseconds = 250;

    /// <summary>More addresses of one name are not tried.</summary>
    private const int MostAddresses = 16;

    /// <summary>How often a wait looks whether the caller is still there.</summary>
    private const int LookMilliseconds = 500;

    /// <summary>Connects.</summary>
    /// <param name="caller">The socket whose place it takes: family and options are copied.</param>
    /// <param name="addresses">Checked addresses, best first.</param>
    /// <param name="milliseconds">How long to wait for an answer; -1 is as long as the kernel tries. When the time
    /// is over, the connection that is being made is given out with EINPROGRESS.</param>
    /// <param name="isWanted">False ends the wait with ECONNABORTED.</param>
    /// <param name="connected">The socket, still non-blocking, where the result is success or EINPROGRESS.</param>
    internal static LinuxResult Open(
        TrappedSocket caller,
        IReadOnlyList<TargetAddress> addresses,
        long milliseconds,
        Func<bool> isWanted,
        out Descriptor connected)
    {
        connected = new Descriptor();
        List<Descriptor> begun = [];
        LinuxResult last = new(-1, Errno.EHOSTUNREACH, SystemCall.connect);
        long end = milliseconds < 0 ? long.MaxValue : Environment.TickCount64 + milliseconds;
        int next = 0;
        int most = Math.Min(addresses.Count, MostAddresses);
        try
        {
            while (true)
            {
                if (next < most)
                {
                    last = Begin(caller, addresses[next++], out Descriptor socket);
                    if (last.Failed && last.Error != Errno.EINPROGRESS)
                    {
                        socket.Dispose();
                        if (next < most || begun.Count > 0)
                        {
                            continue;
                        }

                        return last;
                    }

                    begun.Add(socket);
                }

                long stagger = next < most ? Environment.TickCount64 + StaggerMilliseconds : long.MaxValue;
                Descriptor? winner = Wait(begun, Math.Min(end, stagger), isWanted, ref last);
                if (winner is not null)
                {
                    begun.Remove(winner);
                    connected = winner;
                    return new LinuxResult(0, Errno.None, SystemCall.connect);
                }

                if (!isWanted())
                {
                    return new LinuxResult(-1, Errno.ECONNABORTED, SystemCall.connect);
                }

                if (begun.Count == 0 && next == most)
                {
                    return last;
                }

                if (begun.Count > 0 && Environment.TickCount64 >= end)
                {
                    connected = begun[0];
                    begun.RemoveAt(0);
                    return new LinuxResult(-1, Errno.EINPROGRESS, SystemCall.connect);
                }
            }
        }
        finally
        {
            begun.ForEach(socket => socket.Dispose());
        }
    }

    private static LinuxResult Begin(TrappedSocket caller, TargetAddress target, out Descriptor socket)
    {
        // A program with an IPv6 socket gets one, also towards IPv4: its later IPV6_… options then work.
        int family = target.Address.AddressFamily == AddressFamily.InterNetworkV6 ? AF_INET6 : caller.Domain;
        LinuxResult result = Sockets.Create(family, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP, out socket);
        if (result.Error == Errno.EAFNOSUPPORT && target.Address.AddressFamily == AddressFamily.InterNetwork)
        {
            family = AF_INET;
            result = Sockets.Create(family, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP, out socket);
        }

        if (result.Failed)
        {
            return result;
        }

        if (family == AF_INET6)
        {
            // The host's net.ipv6.bindv6only may be set; a mapped address needs it off.
            Sockets.SetOption(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        }

        SocketOptions.Copy(caller.Socket, socket);
        result = HostPort.Hold(socket, family);
        if (result.Failed)
        {
            return result;
        }

        Span<byte> sockaddr = stackalloc byte[TargetAddress.SixLength];
        return Sockets.Connect(socket, target.Write(family, sockaddr));
    }

    /// <summary>Waits until one is connected; those that fail are closed and taken from the list.</summary>
    private static Descriptor? Wait(
        List<Descriptor> begun, long until, Func<bool> isWanted, ref LinuxResult last)
    {
        Span<short> ready = stackalloc short[MostAddresses];
        while (begun.Count > 0)
        {
            long left = until - Environment.TickCount64;
            LinuxResult polled = Sockets.Poll(
                begun.ToArray(), POLLOUT, (int)Math.Clamp(left, 0, LookMilliseconds), ready);
            if (polled.Failed)
            {
                last = polled;
                begun.ForEach(socket => socket.Dispose());
                begun.Clear();
                return null;
            }

            bool failed = false;
            for (int index = begun.Count - 1; index >= 0; index--)
            {
                if (ready[index] == 0)
                {
                    continue;
                }

                LinuxResult read = Sockets.GetOption(begun[index], SOL_SOCKET, SO_ERROR, out int error);
                if (read.Succeeded && error == 0)
                {
                    return begun[index];
                }

                last = new LinuxResult(-1, read.Failed ? read.Error : (Errno)error, SystemCall.connect);
                begun[index].Dispose();
                begun.RemoveAt(index);
                failed = true;
            }

            if (failed || Environment.TickCount64 >= until || !isWanted())
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Puts addresses of the caller's family first and keeps the resolver's order otherwise.</summary>
    internal static IPAddress[] Order(IPAddress[] addresses, int domain)
    {
        AddressFamily first = domain == AF_INET6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return [.. addresses.Distinct().OrderBy(address => address.AddressFamily == first ? 0 : 1)];
    }
}
