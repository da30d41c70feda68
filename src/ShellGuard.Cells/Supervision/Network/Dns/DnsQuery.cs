using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>A query as it came from a program of the cell, taken apart strictly. Nothing in it is trusted: lengths are
/// checked before each read, compression pointers (which a query never needs) are refused, so there is no loop.</summary>
/// <param name="Id">The transaction's number, for the answer.</param>
/// <param name="Status">Why it cannot be answered, or <see cref="DnsStatus.NoError"/>.</param>
/// <param name="RecursionDesired">Copied into the answer.</param>
/// <param name="Name">The normalised name; null when the question could not be read or its name is not a host
/// name.</param>
/// <param name="Type">The type asked for, as a number: it may be one that has no name here.</param>
/// <param name="QuestionLength">Length in bytes of the question section to repeat in the answer; 0 repeats none.</param>
/// <param name="PayloadSize">The most bytes that the asker takes over UDP, 512 to 4096.</param>
/// <param name="HasEdns">Whether the answer carries an OPT record.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DnsQuery(
    ushort Id,
    DnsStatus Status,
    bool RecursionDesired,
    string? Name,
    DnsType Type,
    int QuestionLength,
    int PayloadSize,
    bool HasEdns)
{
    internal const int HeaderLength = 12;
    internal const int PlainPayload = 512;
    internal const int LargestPayload = 4096;

    /// <summary>Reads a message.</summary>
    /// <returns>False when it must not be answered at all: too short to have an id, or an answer itself.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> message, out DnsQuery query)
    {
        query = default;
        if (message.Length < HeaderLength || (message[2] & 0x80) != 0)
        {
            return false;
        }

        ushort id = BinaryPrimitives.ReadUInt16BigEndian(message);
        query = new DnsQuery(
            id, DnsStatus.FormErr, (message[2] & 1) != 0, null, default, 0, PlainPayload, HasEdns: false);
        if ((message[2] & 0x78) != 0)
        {
            query = query with { Status = DnsStatus.NotImp };
            return true;
        }

        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int authorities = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int additional = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        // Truncated, or with sections that a query does not have.
        if ((message[2] & 2) != 0 || answers != 0 || authorities != 0 || additional > 1 || questions == 0)
        {
            return true;
        }

        if (questions > 1)
        {
            query = query with { Status = DnsStatus.Refused };
            return true;
        }

        Span<byte> joined = stackalloc byte[HostName.MaxLength + 1];
        if (!TryReadName(message[HeaderLength..], joined, out int joinedLength, out int nameLength) ||
            message.Length < HeaderLength + nameLength + 4)
        {
            return true;
        }

        ReadOnlySpan<byte> rest = message[(HeaderLength + nameLength)..];
        int type = BinaryPrimitives.ReadUInt16BigEndian(rest);
        int questionClass = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        query = query with { QuestionLength = nameLength + 4, Type = (DnsType)type };
        rest = rest[4..];
        if (additional == 1 && !TryReadEdns(ref rest, ref query))
        {
            return true;
        }

        if (!rest.IsEmpty)
        {
            return true;
        }

        if (query.Status == DnsStatus.BadVers)
        {
            return true;
        }

        bool named = HostName.TryNormalise(joined[..joinedLength], out string? name);
        query = query with
        {
            Name = name,
            Status = questionClass != 1 || !named ? DnsStatus.Refused : DnsStatus.NoError,
        };
        return true;
    }

    /// <summary>Reads labels until the root, without following pointers.</summary>
    /// <param name="joined">Gets the labels with dots between them; a byte in a label that would read as a dot makes
    /// the name unusable.</param>
    private static bool TryReadName(
        ReadOnlySpan<byte> source, Span<byte> joined, out int joinedLength, out int nameLength)
    {
        joinedLength = 0;
        nameLength = 0;
        while (nameLength < source.Length)
        {
            int length = source[nameLength++];
            if (length == 0)
            {
                return true;
            }

            // 0xc0 is a pointer, 0x40 and 0x80 are reserved: none of them belongs into a query's only name.
            if (length > HostName.MaxLabel || nameLength + length > source.Length ||
                joinedLength + length + 1 > HostName.MaxLength + 1)
            {
                return false;
            }

            if (joinedLength > 0)
            {
                joined[joinedLength++] = (byte)'.';
            }

            foreach (byte value in source.Slice(nameLength, length))
            {
                // A dot inside a label would join two labels into another name than the one that was sent.
                joined[joinedLength++] = value == (byte)'.' ? (byte)0 : value;
            }

            nameLength += length;
        }

        return false;
    }

    private static bool TryReadEdns(ref ReadOnlySpan<byte> rest, ref DnsQuery query)
    {
        // Root name, type OPT, payload size, extended code, version, flags, length; RFC 6891 section 6.1.2.
        if (rest.Length < 11 || rest[0] != 0 || BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) != (int)DnsType.OPT)
        {
            return false;
        }

        int payload = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[9..]);
        if (rest.Length < 11 + length)
        {
            return false;
        }

        query = query with
        {
            HasEdns = true,
            PayloadSize = Math.Clamp(payload, PlainPayload, LargestPayload),
            Status = rest[6] == 0 ? query.Status : DnsStatus.BadVers,
        };
        rest = rest[(11 + length)..];
        return true;
    }

    /// <summary>The address that a name below <c>in-addr.arpa</c> or <c>ip6.arpa</c> stands for; null for any other
    /// name.</summary>
    internal static System.Net.IPAddress? ReverseAddress(string name)
    {
        const string four = ".in-addr.arpa";
        const string six = ".ip6.arpa";
        if (name.EndsWith(four, StringComparison.Ordinal))
        {
            string[] parts = name[..^four.Length].Split('.');
            Span<byte> bytes = stackalloc byte[4];
            for (int index = 0; index < parts.Length; index++)
            {
                string part = parts[index];
                if (parts.Length != 4 || part.Length > 3 || (part.Length > 1 && part[0] == '0') ||
                    !byte.TryParse(part, System.Globalization.NumberStyles.None, null, out bytes[3 - index]))
                {
                    return null;
                }
            }

            return new System.Net.IPAddress(bytes);
        }

        if (name.EndsWith(six, StringComparison.Ordinal) && name.Length == 63 + six.Length)
        {
            StringBuilder digits = new(32);
            for (int index = 62; index >= 0; index -= 2)
            {
                if (!char.IsAsciiHexDigit(name[index]) || (index > 0 && name[index - 1] != '.'))
                {
                    return null;
                }

                digits.Append(name[index]);
            }

            return new System.Net.IPAddress(Convert.FromHexString(digits.ToString()));
        }

        return null;
    }
}
