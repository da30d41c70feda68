using System.Buffers.Binary;
using System.Net;
using System.Text;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Launching;

/// <summary>The kernel's structures that a launch passes, as blocks of bytes.</summary>
public static class Structures
{
    /// <summary><c>struct msghdr</c> with one byte of data and descriptors in <c>SCM_RIGHTS</c>, sendmsg(2) and
    /// unix(7).</summary>
    public static LaunchArgument.Block DescriptorMessage(string data, IReadOnlyList<LaunchSlot> descriptors)
    {
        LaunchArgument.Block vector = new(new byte[16], [(0, data)], "iovec");
        byte[] control = new byte[16 + (4 * descriptors.Count)];
        BinaryPrimitives.WriteInt64LittleEndian(control, control.Length);
        BinaryPrimitives.WriteInt32LittleEndian(control.AsSpan(8), 1);
        BinaryPrimitives.WriteInt32LittleEndian(control.AsSpan(12), 1);
        BinaryPrimitives.WriteInt64LittleEndian(vector.Bytes.AsSpan(8), 1);
        LaunchArgument.Block rights = new(
            control, [.. descriptors.Select((slot, i) => (16 + (4 * i), (LaunchArgument)slot))], "SCM_RIGHTS");

        byte[] header = new byte[56];
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), 1);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(40), control.Length);
        return new LaunchArgument.Block(
            header, [(16, vector), (32, rights)], $"{{{data}, SCM_RIGHTS[{string.Join(", ", descriptors)}]}}");
    }

    /// <summary><c>struct sockaddr_in</c>, ip(7).</summary>
    public static byte[] Address(IPAddress address, int port)
    {
        byte[] bytes = new byte[16];
        bytes[0] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(bytes, 4);
        return bytes;
    }

    /// <summary><c>struct ifreq</c> with an address, netdevice(7).</summary>
    public static LaunchArgument.Block InterfaceAddress(string name, IPAddress address)
    {
        byte[] bytes = new byte[40];
        Encoding.ASCII.GetBytes(name, bytes);
        Address(address, 0).CopyTo(bytes, 16);
        return new LaunchArgument.Block(bytes, [], $"{{{name}, {address}}}");
    }

    /// <summary><c>struct ifreq</c> with flags, netdevice(7).</summary>
    public static LaunchArgument.Block InterfaceFlags(string name, short flags, string display)
    {
        byte[] bytes = new byte[40];
        Encoding.ASCII.GetBytes(name, bytes);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(16), flags);
        return new LaunchArgument.Block(bytes, [], $"{{{name}, {display}}}");
    }

    /// <summary><c>struct in6_ifreq</c> for the loopback interface, which is always number 1, ipv6(7).</summary>
    public static LaunchArgument.Block LoopbackAddress6(IPAddress address, int prefix)
    {
        byte[] bytes = new byte[24];
        address.GetAddressBytes().CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), prefix);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), 1);
        return new LaunchArgument.Block(bytes, [], $"{{lo, {address}/{prefix}}}");
    }

    /// <summary>64-bit numbers in a row.</summary>
    public static LaunchArgument.Block Numbers(string display, params ulong[] values) => Numbers(() => display, values);

    /// <summary>64-bit numbers in a row, which are seldom printed.</summary>
    public static LaunchArgument.Block Numbers(Func<string> display, params ulong[] values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * 8), values[i]);
        }

        return new LaunchArgument.Block(bytes, [], display);
    }
}
