using System.Buffers.Binary;
using System.Net;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Tracing;

/// <summary>Sockets and their addresses.</summary>
internal sealed partial class CallWriter
{
    private const int SO_TYPE = 3, SO_PROTOCOL = 38, SO_DOMAIN = 39;
    private const int IPPROTO_ICMP = 1, IPPROTO_ICMPV6 = 58;

    /// <summary>The longest address, <c>struct sockaddr_storage</c>.</summary>
    private const int MaxAddress = 128;

    /// <summary>Messages of one sendmmsg(2) that are looked at; the kernel takes no more.</summary>
    private const uint MaxMessages = 1024;

    /// <summary>A socket's protocol and its own address or number: <c>&lt;TCP:[127.0.0.1:80]&gt;</c>.</summary>
    private static void AddSocketName(int thread, int number, LineBuffer line)
    {
        if (PidFd.OpenThread(thread, out PidFd task).Failed)
        {
            AddDescriptorName(thread, number, line);
            return;
        }

        using (task)
        {
            bool duplicated = task.GetDescriptor(number, out Descriptor socket).Succeeded;
            using (socket)
            {
                if (!duplicated || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_DOMAIN, out int domain).Failed
                    || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_TYPE, out int type).Failed
                    || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_PROTOCOL, out int protocol).Failed)
                {
                    AddDescriptorName(thread, number, line);
                    return;
                }

                line.Add((byte)'<');
                line.Add(Protocol((AF)domain, (SOCK)type, protocol));
                line.Add(":["u8);
                if (OwnEndpoint(socket) is { } own)
                {
                    line.Add(own);
                }
                else if (ProcFile.ReadLink($"/proc/{thread}/fd/{number}") is { } link && link.AsSpan().StartsWith("socket:["u8))
                {
                    line.Add(link.AsSpan()["socket:["u8.Length..^1]);
                }

                line.Add("]>"u8);
            }
        }
    }

    private static string Protocol(AF domain, SOCK type, int protocol) => domain switch
    {
        AF.INET or AF.INET6 => type switch
        {
            SOCK.STREAM => "TCP",
            SOCK.DGRAM when protocol is IPPROTO_ICMP or IPPROTO_ICMPV6 => "PING",
            SOCK.DGRAM => "UDP",
            _ => "RAW",
        } + (domain == AF.INET6 ? "v6" : ""),
        AF.UNIX => type switch
        {
            SOCK.STREAM => "UNIX-STREAM",
            SOCK.DGRAM => "UNIX-DGRAM",
            _ => "UNIX-SEQPACKET",
        },
        AF.NETLINK => "NETLINK",
        _ => "socket",
    };

    /// <summary>The address that a socket is bound to, as it is written behind its protocol.</summary>
    private static string? OwnEndpoint(Descriptor socket)
    {
        Span<byte> address = stackalloc byte[MaxAddress];
        return Sockets.LocalAddress(socket, address).Succeeded
            ? (AF)BinaryPrimitives.ReadUInt16LittleEndian(address) switch
            {
                AF.INET when Port(address) != 0 => $"{new IPAddress(address[4..8])}:{Port(address)}",
                AF.INET6 when Port(address) != 0 => $"[{new IPAddress(address[8..24])}]:{Port(address)}",
                _ => null,
            }
            : null;
    }

    private static void AddSocketAddress(int thread, ulong at, int length, LineBuffer line)
    {
        Span<byte> storage = stackalloc byte[MaxAddress];
        Span<byte> address = storage[..Math.Clamp(length, 0, MaxAddress)];
        if (at == 0 || address.Length < sizeof(ushort) || RemoteMemory.Read(thread, at, address).Failed)
        {
            AddPointer(at, line);
            return;
        }

        AF family = (AF)BinaryPrimitives.ReadUInt16LittleEndian(address);
        line.Add("{sa_family="u8);
        AddName((uint)family, FlagNames.Families, line);
        switch (family)
        {
            case AF.UNIX:
                AddUnixPath(address[2..], line);
                break;
            case AF.INET when address.Length >= 8:
                line.Add($", sin_port=htons({Port(address)}), sin_addr=inet_addr(\"{new IPAddress(address[4..8])}\")");
                break;
            case AF.INET6 when address.Length >= 24:
                line.Add($", sin6_port=htons({Port(address)}), sin6_flowinfo=htonl(0), "
                    + $"inet_pton(AF_INET6, \"{new IPAddress(address[8..24])}\", &sin6_addr), sin6_scope_id=0");
                break;
            case AF.VSOCK when address.Length >= 12:
                line.Add($", svm_cid={BinaryPrimitives.ReadUInt32LittleEndian(address[8..]):D}"
                    + $", svm_port={BinaryPrimitives.ReadUInt32LittleEndian(address[4..]):D}");
                break;
            default:
                line.Add(", sa_data="u8);
                AddQuoted(address[2..], isCut: false, line);
                break;
        }

        line.Add((byte)'}');
    }

    /// <summary>A path ends at its NUL; an abstract name begins with one and has all of the length, unix(7).</summary>
    private static void AddUnixPath(ReadOnlySpan<byte> path, LineBuffer line)
    {
        if (path.IsEmpty)
        {
            return;
        }

        line.Add(", sun_path="u8);
        bool isAbstract = path[0] == 0;
        if (isAbstract)
        {
            line.Add((byte)'@');
            path = path[1..];
        }
        else if (path.IndexOf((byte)0) is >= 0 and int end)
        {
            path = path[..end];
        }

        AddQuoted(path, isCut: false, line);
    }

    /// <summary><c>struct msghdr</c>: only whom it goes to. The data is nobody's business.</summary>
    private static void AddMessage(int thread, ulong address, int size, LineBuffer line)
    {
        if (!TracedMemory.TryWord(thread, address, size, out ulong name)
            || !TracedMemory.TryWord(thread, address + (ulong)size, sizeof(int), out ulong length))
        {
            AddPointer(address, line);
            return;
        }

        line.Add("{msg_name="u8);
        AddSocketAddress(thread, name, (int)length, line);
        line.Add(", msg_namelen="u8);
        line.Add((int)length);
        line.Add((byte)'}');
    }

    private static void AddMessages(int thread, ulong address, uint count, int size, LineBuffer line)
    {
        // struct mmsghdr: the header and an int, as long as a pointer's alignment asks for.
        ulong step = size == sizeof(ulong) ? 64u : 32u;
        line.Add((byte)'[');
        for (uint i = 0; i < Math.Min(count, MaxMessages); i++)
        {
            if (i > 0)
            {
                line.Add(", "u8);
            }

            line.Add("{msg_hdr="u8);
            AddMessage(thread, address + (i * step), size, line);
            line.Add((byte)'}');
        }

        line.Add((byte)']');
    }

    /// <summary>In <c>struct sockaddr_in</c> and <c>sockaddr_in6</c> alike.</summary>
    private static ushort Port(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
}
