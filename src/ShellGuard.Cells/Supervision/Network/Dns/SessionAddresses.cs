using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>The addresses that stand for names inside one session: 198.18.x.y (RFC 2544, never routed) and
/// fd53:6775:6172:6400::n, the same n for both. A name keeps its pair until the session ends, so an address that a
/// program remembered never means another name.</summary>
public sealed class SessionAddresses
{
    /// <summary>The most names of one session.</summary>
    public const int MaxNames = 65_000;

    private const uint FirstFour = 0xc6120000;
    private const uint Reserved = 256;
    private static readonly byte[] Prefix = [0xfd, 0x53, 0x67, 0x75, 0x61, 0x72, 0x64, 0, 0, 0, 0, 0];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    /// <summary>Where the cell's resolver listens.</summary>
    public static IPAddress Resolver { get; } = new([198, 18, 0, 1]);

    /// <summary>The pair that stands for a name, new or known.</summary>
    /// <param name="name">A normalised host name.</param>
    /// <returns>False when the session has its full number of names.</returns>
    public bool TryAssign(
        string name, [NotNullWhen(true)] out IPAddress? four, [NotNullWhen(true)] out IPAddress? six)
    {
        uint number;
        lock (_lock)
        {
            if (!_numbers.TryGetValue(name, out number))
            {
                if (_names.Count == MaxNames)
                {
                    four = null;
                    six = null;
                    return false;
                }

                number = Reserved + (uint)_names.Count;
                _names.Add(name);
                _numbers.Add(name, number);
            }
        }

        uint address = FirstFour + number;
        four = new IPAddress([(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]);
        Span<byte> bytes = stackalloc byte[16];
        Prefix.CopyTo(bytes);
        bytes[12] = (byte)(number >> 24);
        bytes[13] = (byte)(number >> 16);
        bytes[14] = (byte)(number >> 8);
        bytes[15] = (byte)number;
        six = new IPAddress(bytes);
        return true;
    }

    /// <summary>The name that an address stands for; null when it stands for none.</summary>
    public string? NameOf(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!IsSessionAddress(address))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        uint number = length == 4
            ? (((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3]) - (FirstFour & 0xffffff)
            : ((uint)bytes[12] << 24) | ((uint)bytes[13] << 16) | ((uint)bytes[14] << 8) | bytes[15];
        lock (_lock)
        {
            return number < Reserved || number - Reserved >= (uint)_names.Count
                ? null
                : _names[(int)(number - Reserved)];
        }
    }

    /// <summary>Whether the address lies in the ranges that a cell's own loopback carries, in use or not.</summary>
    public static bool IsSessionAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? bytes[0] == 198 && bytes[1] is 18 or 19
            : bytes[..8].SequenceEqual(Prefix.AsSpan(0, 8)) && bytes[8..12].IndexOfAnyExcept((byte)0) < 0;
    }
}
