using System.Runtime.InteropServices;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Carries what a program set on its socket before connect over to the one that takes its place. Options
/// that need a privilege, name an interface or attach a filter are not among them; nor is IPV6_V6ONLY, which says
/// nothing about a socket that is connected.</summary>
internal static class SocketOptions
{
    /// <summary>The longest of them: struct linger and struct timeval, 16 bytes.</summary>
    private const int Longest = 16;

    private static readonly (int Level, int Name)[] Any =
    [
        (SOL_SOCKET, SO_KEEPALIVE), (SOL_SOCKET, SO_OOBINLINE), (SOL_SOCKET, SO_LINGER), (SOL_SOCKET, SO_RCVLOWAT),
        (SOL_SOCKET, SO_RCVTIMEO), (SOL_SOCKET, SO_SNDTIMEO), (IPPROTO_TCP, TCP_NODELAY), (IPPROTO_TCP, TCP_CORK),
        (IPPROTO_TCP, TCP_KEEPIDLE), (IPPROTO_TCP, TCP_KEEPINTVL), (IPPROTO_TCP, TCP_KEEPCNT),
        (IPPROTO_TCP, TCP_SYNCNT), (IPPROTO_TCP, TCP_LINGER2), (IPPROTO_TCP, TCP_USER_TIMEOUT),
        (IPPROTO_TCP, TCP_NOTSENT_LOWAT),
    ];

    private static readonly (int Level, int Name)[] Four = [(IPPROTO_IP, IP_TOS), (IPPROTO_IP, IP_TTL)];

    private static readonly (int Level, int Name)[] Six =
        [(IPPROTO_IPV6, IPV6_TCLASS), (IPPROTO_IPV6, IPV6_UNICAST_HOPS)];

    /// <summary>Copies each option whose value differs; one that the new socket does not take stays as it is.</summary>
    internal static void Copy(Descriptor from, Descriptor to)
    {
        CopyAll(Any, from, to);
        CopyAll(Four, from, to);
        CopyAll(Six, from, to);
        CopyBuffer(from, to, SO_RCVBUF, SOCK_RCVBUF_LOCK);
        CopyBuffer(from, to, SO_SNDBUF, SOCK_SNDBUF_LOCK);
    }

    private static void CopyAll(ReadOnlySpan<(int Level, int Name)> options, Descriptor from, Descriptor to)
    {
        Span<byte> wanted = stackalloc byte[Longest];
        Span<byte> present = stackalloc byte[Longest];
        foreach ((int level, int name) in options)
        {
            var read = Sockets.GetOption(from, level, name, wanted);
            if (read.Failed)
            {
                continue;
            }

            ReadOnlySpan<byte> value = wanted[..(int)read.Value];
            var there = Sockets.GetOption(to, level, name, present);
            if (there.Succeeded && !present[..(int)there.Value].SequenceEqual(value))
            {
                Sockets.SetOption(to, level, name, value);
            }
        }
    }

    /// <summary>A buffer's size is copied only where the program fixed it: setting one ends the kernel's own tuning.
    /// The kernel doubles what is set, socket(7), so half of what it tells is what was asked for.</summary>
    private static void CopyBuffer(Descriptor from, Descriptor to, int name, int lockBit)
    {
        if (Sockets.GetOption(from, SOL_SOCKET, SO_BUF_LOCK, out int locked).Succeeded && (locked & lockBit) != 0 &&
            Sockets.GetOption(from, SOL_SOCKET, name, out int size).Succeeded)
        {
            Sockets.SetOption(to, SOL_SOCKET, name, size / 2);
        }
    }

    /// <summary>A program's limit for a blocking connect, SO_SNDTIMEO, in milliseconds; -1 is none.</summary>
    internal static long SendTimeout(Descriptor socket)
    {
        Span<long> time = stackalloc long[2];
        var read = Sockets.GetOption(socket, SOL_SOCKET, SO_SNDTIMEO, MemoryMarshal.AsBytes(time));
        if (read.Failed || (time[0] == 0 && time[1] == 0))
        {
            return -1;
        }

        return time[0] > int.MaxValue / 1000 ? int.MaxValue : (time[0] * 1000) + (time[1] / 1000);
    }
}
