using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>Speaks DNS on the two sockets that were created inside the cell's network namespace. One thread, no
/// state but a few TCP connections with a bounded buffer each.</summary>
internal sealed class DnsResponder : IDisposable
{
    private const int MaxConnections = 32;
    private const int IdleMilliseconds = 10_000;
    private readonly Descriptor _udp;
    private readonly Descriptor _tcp;
    private readonly Descriptor _wake;
    private readonly Descriptor _waker;
    private readonly NameAnswers _answers;
    private readonly List<DnsConnection> _connections = [];
    private readonly byte[] _message = new byte[DnsConnection.MaxMessage];
    private readonly byte[] _reply = new byte[DnsAnswer.MaxLength];
    private readonly OwnThread.Work _thread;

    /// <summary>Starts answering. The sockets stay the caller's; they must outlive this object.</summary>
    /// <param name="udp">Bound to the resolver's address.</param>
    /// <param name="tcp">Bound there, listening or not yet.</param>
    /// <exception cref="LinuxException">A socket cannot be used.</exception>
    internal DnsResponder(Descriptor udp, Descriptor tcp, NameAnswers answers)
    {
        _udp = udp;
        _tcp = tcp;
        _answers = answers;
        Sockets.Listen(tcp, MaxConnections).OrThrow();
        // A client that is gone again between poll and accept must not hold the thread.
        FileFlags.SetNonBlocking(tcp, nonBlocking: true).OrThrow();
        Sockets.CreatePair(SOCK_STREAM, out _wake, out _waker).OrThrow();
        _thread = OwnThread.Begin("resolver", Run);
    }

    public void Dispose()
    {
        _waker.Dispose();
        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>Answers one message.</summary>
    /// <returns>The reply's length in <paramref name="reply"/>; 0 sends none.</returns>
    internal static int Respond(
        ReadOnlySpan<byte> message, bool overTcp, Func<string, DnsType, NameReply> answer, Span<byte> reply)
    {
        if (!DnsQuery.TryRead(message, out DnsQuery query))
        {
            return 0;
        }

        NameReply content = query is { Status: DnsStatus.NoError, Name: not null }
            ? answer(query.Name, query.Type)
            : NameReply.Plain(query.Status);
        int limit = overTcp ? DnsAnswer.MaxLength : query.PayloadSize;
        return DnsAnswer.Write(query, message, content.Status, content.Addresses, content.Pointer, limit, reply);
    }

    private void Run()
    {
        Span<short> all = stackalloc short[MaxConnections + 3];
        while (true)
        {
            Descriptor[] waited = [_wake, _udp, _tcp, .. _connections.Select(connection => connection.Socket)];
            Span<short> ready = all[..waited.Length];
            LinuxResult result = Sockets.Poll(waited, POLLIN, _connections.Count > 0 ? 1000 : -1, ready);
            if (ready[0] != 0 || (result.Failed && result.Error != Errno.ENOMEM))
            {
                break;
            }

            if (ready[1] != 0)
            {
                AnswerDatagrams();
            }

            for (int index = _connections.Count - 1; index >= 0; index--)
            {
                DnsConnection connection = _connections[index];
                bool keep = ready[index + 3] == 0
                    ? Environment.TickCount64 - connection.LastUse < IdleMilliseconds
                    : connection.Serve(_answers.Answer, _reply);
                if (!keep)
                {
                    connection.Dispose();
                    _connections.RemoveAt(index);
                }
            }

            if (ready[2] != 0 && Sockets.Accept(_tcp, out Descriptor socket).Succeeded)
            {
                AddConnection(socket);
            }
        }

        _connections.ForEach(connection => connection.Dispose());
    }

    private void AnswerDatagrams()
    {
        Span<byte> sender = stackalloc byte[32];
        // Bounded, so that a flood over UDP leaves TCP its turn.
        for (int count = 0; count < 64; count++)
        {
            LinuxResult received = Sockets.Receive(_udp, _message, MSG_DONTWAIT, sender, out int senderLength);
            if (received.Failed)
            {
                return;
            }

            int length = Respond(_message.AsSpan(0, (int)received.Value), overTcp: false, _answers.Answer, _reply);
            if (length > 0)
            {
                // A full send buffer loses the datagram, as UDP may; the program asks again.
                Sockets.Send(_udp, _reply.AsSpan(0, length), MSG_DONTWAIT, sender[..senderLength]);
            }
        }
    }

    private void AddConnection(Descriptor socket)
    {
        if (_connections.Count == MaxConnections)
        {
            // The one that was silent longest makes room.
            DnsConnection oldest = _connections.MinBy(connection => connection.LastUse)!;
            _connections.Remove(oldest);
            oldest.Dispose();
        }

        _connections.Add(new DnsConnection(socket));
    }
}
