using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>An Internet address as a program wrote it into a struct sockaddr_in or sockaddr_in6, ip(7), ipv6(7).</summary>
/// <param name="Address">An IPv4-mapped address is already the IPv4 address: both mean the same host.</param>
/// <param name="Port">0 to 65535.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TargetAddress(IPAddress Address, int Port)
{
    internal const int FourLength = 16;
    internal const int SixLength = 28;

    /// <summary>The kernel takes a sockaddr_in6 without its scope, SIN6_LEN_RFC2133.</summary>
    private const int SixShortLength = 24;

    /// <summary>The first two bytes.</summary>
    internal static int FamilyOf(ReadOnlySpan<byte> sockaddr) =>
        sockaddr.Length < 2 ? -1 : MemoryMarshal.Read<ushort>(sockaddr);

    /// <summary>Reads an AF_INET or AF_INET6 address.</summary>
    /// <returns>False when it is shorter than the kernel accepts or of another family.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> sockaddr, out TargetAddress target)
    {
        target = default;
        switch (FamilyOf(sockaddr))
        {
            case AF_INET when sockaddr.Length >= FourLength:
                target = new TargetAddress(
                    new IPAddress(sockaddr.Slice(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]));
                return true;
            case AF_INET6 when sockaddr.Length >= SixShortLength:
                IPAddress address = new(sockaddr.Slice(8, 16));
                target = new TargetAddress(
                    address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address,
                    BinaryPrimitives.ReadUInt16BigEndian(sockaddr[2..]));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Whether it means the machine itself: loopback, or the unspecified address, which the kernel takes
    /// as loopback in connect.</summary>
    internal bool IsOwnHost =>
        IPAddress.IsLoopback(Address) || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>The address with the unspecified one replaced by the loopback that it means.</summary>
    internal TargetAddress Specified =>
        Address.Equals(IPAddress.Any) ? this with { Address = IPAddress.Loopback }
        : Address.Equals(IPAddress.IPv6Any) ? this with { Address = IPAddress.IPv6Loopback }
        : this;

    /// <summary>Writes a struct sockaddr of the family.</summary>
    /// <param name="family">AF_INET6 turns an IPv4 address into a mapped one; AF_INET needs an IPv4 address.</param>
    /// <param name="sockaddr">At least <see cref="SixLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    internal ReadOnlySpan<byte> Write(int family, Span<byte> sockaddr)
    {
        sockaddr = sockaddr[..SixLength];
        sockaddr.Clear();
        MemoryMarshal.Write(sockaddr, (ushort)family);
        BinaryPrimitives.WriteUInt16BigEndian(sockaddr[2..], (ushort)Port);
        if (family == AF_INET)
        {
            Address.TryWriteBytes(sockaddr[4..], out _);
            return sockaddr[..FourLength];
        }

        Address.MapToIPv6().TryWriteBytes(sockaddr[8..], out _);
        return sockaddr;
    }

    /// <summary>For journals: <c>192.0.2.7:443/tcp</c>, <c>[2001:db8::7]:443/tcp</c>.</summary>
    internal string ToText(string protocol) =>
        Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{Address}]:{Port}/{protocol}"
            : $"{Address}:{Port}/{protocol}";
}
