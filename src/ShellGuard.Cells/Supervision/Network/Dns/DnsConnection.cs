using System.Buffers.Binary;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>One TCP connection to the resolver: messages with a two-byte length before each, RFC 1035 section
/// 4.2.2. A query longer than any honest one ends the connection.</summary>
internal sealed class DnsConnection(Descriptor socket) : IDisposable
{
    internal const int MaxMessage = 4096;
    private readonly byte[] _buffer = new byte[2 + MaxMessage];
    private int _filled;

    internal Descriptor Socket { get; } = socket;

    /// <summary>When something came last, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    internal long LastUse { get; private set; } = Environment.TickCount64;

    public void Dispose() => Socket.Dispose();

    /// <summary>Reads what is there and answers every whole message in it.</summary>
    /// <returns>Whether the connection stays.</returns>
    internal bool Serve(Func<string, DnsType, NameReply> answer, byte[] reply)
    {
        LinuxResult received = Sockets.Receive(Socket, _buffer.AsSpan(_filled), MSG_DONTWAIT, default, out _);
        if (received.Failed)
        {
            return received.Error == Errno.EAGAIN;
        }

        if (received.Value == 0)
        {
            return false;
        }

        LastUse = Environment.TickCount64;
        _filled += (int)received.Value;
        int start = 0;
        Span<byte> framed = stackalloc byte[2 + DnsAnswer.MaxLength];
        while (_filled - start >= 2)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(start));
            if (length > MaxMessage)
            {
                return false;
            }

            if (_filled - start < 2 + length)
            {
                break;
            }

            int written = DnsResponder.Respond(_buffer.AsSpan(start + 2, length), overTcp: true, answer, reply);
            start += 2 + length;
            if (written == 0)
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)written);
            reply.AsSpan(0, written).CopyTo(framed[2..]);
            // A client that asks and never reads fills its own window and loses the connection.
            LinuxResult sent = Sockets.Send(Socket, framed[..(2 + written)], MSG_DONTWAIT, default);
            if (sent.Failed || sent.Value != 2 + written)
            {
                return false;
            }
        }

        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        return true;
    }
}
