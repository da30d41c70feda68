using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ShellGuard.Policy.Model;

/// <summary>A block of addresses; a single address has the full prefix length. IPv4 addresses mapped into IPv6 are
/// taken as the IPv4 address that they are.</summary>
public sealed class AddressRange : IEquatable<AddressRange>
{
    private readonly byte[] _network;

    private AddressRange(byte[] network, int prefixLength)
    {
        _network = network;
        PrefixLength = prefixLength;
    }

    /// <summary>0 to 32, or 0 to 128 for IPv6.</summary>
    public int PrefixLength { get; }

    public bool IsIPv6 => _network.Length == 16;

    public bool IsSingle => PrefixLength == _network.Length * 8;

    /// <summary>The lowest address.</summary>
    public IPAddress Network => new(_network);

    /// <summary>The range of one address.</summary>
    public static AddressRange Of(IPAddress address)
    {
        byte[] bytes = Bytes(address);
        return new AddressRange(bytes, bytes.Length * 8);
    }

    /// <summary>Reads <c>10.0.0.0/8</c>, <c>192.0.2.1</c>, <c>fd00::/8</c> or <c>::1</c>; brackets around IPv6 are the
    /// caller's.</summary>
    public static bool TryParse(
        string address, string? prefix, [NotNullWhen(true)] out AddressRange? range,
        [NotNullWhen(false)] out string? problem)
    {
        range = null;
        problem = null;
        if (!IsStrictLiteral(address) || !IPAddress.TryParse(address, out var parsed))
        {
            problem = "not an IP address";
            return false;
        }

        byte[] bytes = parsed.GetAddressBytes();
        if (parsed.IsIPv4MappedToIPv6)
        {
            problem = $"this is the IPv4 address {parsed.MapToIPv4()}; write it so";
            return false;
        }

        int length = bytes.Length * 8;
        if (prefix is not null
            && (!int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out length)
                || prefix.Length > 3 || length > bytes.Length * 8))
        {
            problem = $"the prefix length is a number from 0 to {bytes.Length * 8}";
            return false;
        }

        byte[] network = Mask(bytes, length);
        if (!network.AsSpan().SequenceEqual(bytes))
        {
            problem = $"the address has bits beyond its prefix; the block is {new IPAddress(network)}/{length}";
            return false;
        }

        range = new AddressRange(network, length);
        return true;
    }

    public bool Contains(IPAddress address)
    {
        byte[] bytes = Bytes(address);
        return bytes.Length == _network.Length && Mask(bytes, PrefixLength).AsSpan().SequenceEqual(_network);
    }

    /// <summary>Whether every address of <paramref name="other"/> is in this range.</summary>
    public bool Contains(AddressRange other) => other.PrefixLength >= PrefixLength && Contains(other.Network);

    public bool Equals(AddressRange? other) =>
        other is not null && PrefixLength == other.PrefixLength && _network.AsSpan().SequenceEqual(other._network);

    public override bool Equals(object? obj) => Equals(obj as AddressRange);

    public override int GetHashCode() => HashCode.Combine(PrefixLength, _network[0], _network[^1]);

    public override string ToString()
    {
        string address = IsIPv6 ? $"[{Network}]" : Network.ToString();
        return IsSingle ? address : $"{address}/{PrefixLength}";
    }

    private static byte[] Bytes(IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();

    private static byte[] Mask(byte[] bytes, int length)
    {
        byte[] masked = new byte[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            int bits = Math.Clamp(length - (i * 8), 0, 8);
            masked[i] = (byte)(bytes[i] & (0xFF << (8 - bits)));
        }

        return masked;
    }

    /// <summary>Four decimal numbers without leading zeros, or hexadecimal groups: <see cref="IPAddress"/> also takes
    /// octal, hexadecimal and shortened forms and scope names.</summary>
    private static bool IsStrictLiteral(string text)
    {
        if (text.Contains(':'))
        {
            return text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        }

        string[] parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, p =>
            p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'));
    }
}
