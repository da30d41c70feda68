using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>Writes answers: one question repeated, at most one record of each address family or one pointer.</summary>
internal static class DnsAnswer
{
    /// <summary>Seconds that a program may keep an answer. Session addresses do not change while the session lives;
    /// short, so that a name denied and then granted is asked again soon.</summary>
    internal const int TimeToLive = 10;

    /// <summary>The longest answer: header, question, two records, a pointer record and OPT.</summary>
    internal const int MaxLength = 1024;

    /// <summary>Writes the answer to a query.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="message">The query's bytes, whose question is repeated.</param>
    /// <param name="status">The response code.</param>
    /// <param name="addresses">Address records.</param>
    /// <param name="pointer">The name of a pointer record, or null.</param>
    /// <param name="limit">The most bytes; a longer answer is cut after the question and marked truncated.</param>
    /// <param name="target">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>The answer's length.</returns>
    internal static int Write(
        in DnsQuery query,
        ReadOnlySpan<byte> message,
        DnsStatus status,
        ReadOnlySpan<IPAddress> addresses,
        string? pointer,
        int limit,
        Span<byte> target)
    {
        int length = DnsQuery.HeaderLength;
        if (query.QuestionLength > 0)
        {
            message.Slice(length, query.QuestionLength).CopyTo(target[length..]);
            length += query.QuestionLength;
        }

        int records = 0;
        int afterQuestion = length;
        foreach (IPAddress address in addresses)
        {
            bool four = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
            int size = four ? 4 : 16;
            WriteRecordHead(target[length..], four ? DnsType.A : DnsType.AAAA, size);
            address.TryWriteBytes(target[(length + 12)..], out _);
            length += 12 + size;
            records++;
        }

        if (pointer is not null)
        {
            WriteRecordHead(target[length..], DnsType.PTR, pointer.Length + 2);
            length += 12;
            foreach (string label in pointer.Split('.'))
            {
                target[length++] = (byte)label.Length;
                length += Encoding.ASCII.GetBytes(label, target[length..]);
            }

            target[length++] = 0;
            records++;
        }

        int ednsLength = query.HasEdns ? 11 : 0;
        bool truncated = length + ednsLength > limit;
        if (truncated)
        {
            length = afterQuestion;
            records = 0;
        }

        if (query.HasEdns)
        {
            Span<byte> option = target.Slice(length, ednsLength);
            option.Clear();
            option[2] = (byte)DnsType.OPT;
            BinaryPrimitives.WriteUInt16BigEndian(option[3..], DnsQuery.LargestPayload);
            option[5] = (byte)((int)status >> 4);
            length += ednsLength;
        }

        BinaryPrimitives.WriteUInt16BigEndian(target, query.Id);
        // An answer; recursion desired as asked; truncated; recursion available.
        target[2] = (byte)(0x80 | (truncated ? 2 : 0) | (query.RecursionDesired ? 1 : 0));
        target[3] = (byte)(0x80 | ((int)status & 15));
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], (ushort)(query.QuestionLength > 0 ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)records);
        BinaryPrimitives.WriteUInt16BigEndian(target[8..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(target[10..], (ushort)(query.HasEdns ? 1 : 0));
        return length;
    }

    private static void WriteRecordHead(Span<byte> target, DnsType type, int size)
    {
        // The name is a pointer to the question's, at offset 12.
        target[0] = 0xc0;
        target[1] = DnsQuery.HeaderLength;
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], 1);
        BinaryPrimitives.WriteInt32BigEndian(target[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(target[10..], (ushort)size);
    }
}
