using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>A socket address as strace writes it, as a target of an access.</summary>
internal static class SocketAddress
{
    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF.:"u8);

    private enum Family
    {
        None,
        Unspecified,
        Unix,
        Internet,
        Internet6,
        Netlink,
        Packet,
        Virtual,
        Crypto,
        Other,
    }

    /// <param name="text">Begins with <c>{sa_family=</c>.</param>
    /// <param name="socket">What is known of the socket.</param>
    /// <param name="target">As long as the text and 64 bytes at least.</param>
    /// <param name="length">How much of it was used. A unix socket's path is as the program gave it.</param>
    /// <returns>What it is; <see cref="ObjectKind.Unknown"/> for none.</returns>
    public static ObjectKind Read(ReadOnlySpan<byte> text, SocketKind socket, Span<byte> target, out int length)
    {
        length = 0;
        switch (FamilyOf(ref text))
        {
            case Family.Unix:
                return Unix(text, target, out length);
            case Family.Internet:
                length = Address(text, "inet_addr("u8, target) is > 0 and int plain ? plain : Raw(text, "sin_addr="u8, 4, target);
                return length > 0 ? Endpoint(text, "sin_port="u8, socket, target, ref length) : ObjectKind.Unknown;
            case Family.Internet6:
                length = Address(text, "inet_pton("u8, target[1..]) is > 0 and int written
                    ? written
                    : Raw(text, "sin6_addr="u8, 16, target[1..]);
                if (length == 0)
                {
                    return ObjectKind.Unknown;
                }

                target[0] = (byte)'[';
                target[length + 1] = (byte)']';
                length += 2;
                return Endpoint(text, "sin6_port="u8, socket, target, ref length);
            case Family.Netlink:
                return Named("netlink"u8, target, out length);
            case Family.Packet:
                return Named("packet"u8, target, out length);
            case Family.Virtual:
                Named("vsock:"u8, target, out length);
                Append(Value(text, "svm_cid="u8), target, ref length);
                Append(":"u8, target, ref length);
                Append(Value(text, "svm_port="u8), target, ref length);
                return ObjectKind.OtherSocket;
            case Family.Crypto:
                Named("alg:"u8, target, out length);
                length += Quoted(text, "salg_name="u8, target[length..]);
                return ObjectKind.OtherSocket;
            case Family.Other:
                Append(text[..Math.Min(64, End(text))], target, ref length);
                return ObjectKind.OtherSocket;
            default:
                return ObjectKind.Unknown;
        }
    }

    /// <summary>Also removes what stands before the family's value.</summary>
    private static Family FamilyOf(ref ReadOnlySpan<byte> text)
    {
        int at = text.IndexOf("sa_family="u8);
        if (at < 0)
        {
            return Family.None;
        }

        text = text[(at + "sa_family=".Length)..];
        ReadOnlySpan<byte> value = text[..End(text)];
        if (LogText.Number(value, out long number) > 0)
        {
            return number switch
            {
                0 => Family.Unspecified,
                1 => Family.Unix,
                2 => Family.Internet,
                10 => Family.Internet6,
                16 => Family.Netlink,
                17 => Family.Packet,
                38 => Family.Crypto,
                40 => Family.Virtual,
                _ => Family.Other,
            };
        }

        return value.SequenceEqual("AF_UNIX"u8) || value.SequenceEqual("AF_LOCAL"u8) || value.SequenceEqual("AF_FILE"u8)
                ? Family.Unix
            : value.SequenceEqual("AF_INET"u8) ? Family.Internet
            : value.SequenceEqual("AF_INET6"u8) ? Family.Internet6
            : value.SequenceEqual("AF_NETLINK"u8) ? Family.Netlink
            : value.SequenceEqual("AF_PACKET"u8) ? Family.Packet
            : value.SequenceEqual("AF_VSOCK"u8) ? Family.Virtual
            : value.SequenceEqual("AF_ALG"u8) ? Family.Crypto
            : value.SequenceEqual("AF_UNSPEC"u8) ? Family.Unspecified
            : Family.Other;
    }

    private static ObjectKind Unix(ReadOnlySpan<byte> text, Span<byte> target, out int length)
    {
        length = 0;
        int at = text.IndexOf("sun_path="u8);
        if (at < 0)
        {
            return ObjectKind.Unknown;
        }

        text = text[(at + "sun_path=".Length)..];
        bool named = !text.StartsWith("@"u8);
        if (!named)
        {
            target[0] = (byte)'@';
            text = text[1..];
        }

        int offset = named ? 0 : 1;
        if (StraceText.Unquote(text, target[offset..], out length, out _) < 0)
        {
            return ObjectKind.Unknown;
        }

        length += offset;
        return named ? ObjectKind.UnixSocket : ObjectKind.AbstractSocket;
    }

    /// <summary>The string behind a key: <c>inet_addr("1.2.3.4")</c>, <c>inet_pton(AF_INET6, "::1"</c>.</summary>
    private static int Quoted(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, Span<byte> target)
    {
        int at = text.IndexOf(key);
        if (at < 0)
        {
            return 0;
        }

        text = text[(at + key.Length)..];
        int quote = text.IndexOf((byte)'"');
        return quote < 0 || StraceText.Unquote(text[quote..], target, out int length, out _) < 0 ? 0 : length;
    }

    /// <summary>As <see cref="Quoted"/>, where nothing but an address stands there: strace writes a scope beside it.</summary>
    private static int Address(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, Span<byte> target)
    {
        int length = Quoted(text, key, target);
        return target[..length].IndexOfAnyExcept(AddressBytes) < 0 ? length : 0;
    }

    /// <summary>An address as its bytes, as -X raw has it: <c>sin_addr="\x7f\x00\x00\x01"</c>.</summary>
    private static int Raw(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, int size, Span<byte> target)
    {
        Span<byte> bytes = stackalloc byte[80];
        ReadOnlySpan<byte> value = Value(text, key);
        return value.Length <= bytes.Length
            && StraceText.Unquote(value, bytes, out int length, out _) > 0 && length == size
            && new IPAddress(bytes[..size]).TryFormat(target, out int written) ? written : 0;
    }

    private static ObjectKind Endpoint(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, SocketKind socket, Span<byte> target, ref int length)
    {
        ReadOnlySpan<byte> port = Value(text, key);
        port = port.StartsWith("htons("u8) ? port["htons(".Length..] : port;
        LogText.Number(port, out long number);
        Span<byte> bytes = stackalloc byte[64];
        if (port.Length < bytes.Length && StraceText.Unquote(port, bytes, out int size, out _) > 0 && size == 2)
        {
            number = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        target[length++] = (byte)':';
        Utf8Formatter.TryFormat(number & 0xffff, target[length..], out int digits);
        length += digits;
        Append(Protocol(socket), target, ref length);
        return ObjectKind.Endpoint;
    }

    public static ReadOnlySpan<byte> Protocol(SocketKind socket) => socket switch
    {
        SocketKind.Tcp => "/tcp"u8,
        SocketKind.Udp => "/udp"u8,
        SocketKind.Raw => "/raw"u8,
        _ => default,
    };

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        int at = text.IndexOf(key);
        if (at < 0)
        {
            return default;
        }

        text = text[(at + key.Length)..];
        return text[..End(text)];
    }

    private static int End(ReadOnlySpan<byte> text) => text.IndexOfAny((byte)',', (byte)'}') is >= 0 and int end ? end : text.Length;

    private static ObjectKind Named(ReadOnlySpan<byte> name, Span<byte> target, out int length)
    {
        length = 0;
        Append(name, target, ref length);
        return ObjectKind.OtherSocket;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> target, ref int length)
    {
        text.CopyTo(target[length..]);
        length += text.Length;
    }
}
