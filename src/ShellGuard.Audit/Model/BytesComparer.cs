using System.Runtime.InteropServices;

namespace ShellGuard.Audit.Model;

/// <summary>Bytes as keys, looked up by spans. The hash is seeded anew in each process, so that a hostile log cannot
/// choose names that collide.</summary>
internal sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static readonly BytesComparer Instance = new();

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    // The runtime's keyed hash takes characters: two bytes are one, and an odd last byte is mixed in.
    public int GetHashCode(ReadOnlySpan<byte> alternate) =>
        string.GetHashCode(MemoryMarshal.Cast<byte, char>(alternate), StringComparison.Ordinal)
        ^ ((alternate.Length & 1) == 0 ? 0 : (alternate[^1] + 1) * 0x2c9277b5);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
