using System.Buffers.Binary;
using System.Net;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Audit.Tracing;

/// <summary>Sockets and their addresses.</summary>
internal static partial class CallWriter
{
    /// <summary>The longest address, <c>struct sockaddr_storage</c>.</summary>
    private const int MaxAddress = 128;

    /// <summary>Messages of one sendmmsg(2) that are looked at; the kernel takes no more.</summary>
    private const uint MaxMessages = 1024;

    /// <summary>A socket's protocol and its own address or number: <c>&lt;TCP:[127.0.0.1:80]&gt;</c>.</summary>
    private static void AddSocketName(CallView view, int number, LineBuffer line)
    {
        if (view.Socket(number) is not { } name)
        {
            AddDescriptorName(view, number, line);
            return;
        }

        line.Add((byte)'<');
        line.Add(name);
        line.Add((byte)'>');
    }

    private static void AddSocketAddress(CallView view, ulong at, int length, LineBuffer line)
    {
        Span<byte> storage = stackalloc byte[MaxAddress];
        Span<byte> address = storage[..Math.Clamp(length, 0, MaxAddress)];
        if (at == 0 || address.Length < sizeof(ushort) || !view.TryRead(at, address))
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
    private static void AddMessage(CallView view, ulong address, int size, LineBuffer line)
    {
        if (!view.TryWord(address, size, out ulong name)
            || !view.TryWord(address + (ulong)size, sizeof(int), out ulong length))
        {
            AddPointer(address, line);
            return;
        }

        line.Add("{msg_name="u8);
        AddSocketAddress(view, name, (int)length, line);
        line.Add(", msg_namelen="u8);
        line.Add((int)length);
        line.Add((byte)'}');
    }

    private static void AddMessages(CallView view, ulong address, uint count, int size, LineBuffer line)
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
            AddMessage(view, address + (i * step), size, line);
            line.Add((byte)'}');
        }

        line.Add((byte)']');
    }

    /// <summary>In <c>struct sockaddr_in</c> and <c>sockaddr_in6</c> alike.</summary>
    private static ushort Port(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
}
