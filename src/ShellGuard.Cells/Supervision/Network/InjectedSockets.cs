using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Remembers for which endpoint a socket was handed into the cell, by the kernel's number for the socket
/// (SO_COOKIE, never used twice). Only the newest are kept: it serves programs that call connect again to ask how a
/// connection that is being made stands, and forgetting means refusing.</summary>
internal sealed class InjectedSockets
{
    private const int Most = 8192;
    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, TargetAddress> _targets = [];
    private readonly Queue<ulong> _order = new();

    internal void Add(Descriptor socket, TargetAddress target)
    {
        if (Sockets.GetOption(socket, SOL_SOCKET, SO_COOKIE, out ulong cookie).Failed)
        {
            return;
        }

        lock (_lock)
        {
            if (_targets.TryAdd(cookie, target))
            {
                _order.Enqueue(cookie);
            }

            if (_order.Count > Most)
            {
                _targets.Remove(_order.Dequeue());
            }
        }
    }

    internal bool IsFor(Descriptor socket, TargetAddress target)
    {
        if (Sockets.GetOption(socket, SOL_SOCKET, SO_COOKIE, out ulong cookie).Failed)
        {
            return false;
        }

        lock (_lock)
        {
            return _targets.TryGetValue(cookie, out TargetAddress known) && known == target;
        }
    }
}
