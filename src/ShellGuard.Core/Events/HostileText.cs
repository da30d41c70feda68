using System.Security.Cryptography;
using System.Text;

namespace ShellGuard.Core.Events;

/// <summary>Bytes that a confined program chose: a path, an argument, a host name. They need not be UTF-8 and may be
/// of any length; what is kept is bounded and exact, and what was cut off is bound by its length and hash.</summary>
public sealed class HostileText : IEquatable<HostileText>
{
    /// <summary>Bytes kept of one text.</summary>
    public const int DefaultLimit = 4096;

    public static readonly HostileText Empty = new(ReadOnlyMemory<byte>.Empty, 0, null);

    private HostileText(ReadOnlyMemory<byte> kept, long length, string? sha256)
    {
        Kept = kept;
        Length = length;
        Sha256 = sha256;
    }

    /// <summary>The exact first bytes, all of them unless <see cref="IsTruncated"/>.</summary>
    public ReadOnlyMemory<byte> Kept { get; }

    /// <summary>Length of the whole in bytes.</summary>
    public long Length { get; }

    /// <summary>SHA-256 of the whole in lower-case hex where it was truncated, else null.</summary>
    public string? Sha256 { get; }

    public bool IsTruncated => Sha256 is not null;

    public static HostileText Of(ReadOnlySpan<byte> bytes, int limit = DefaultLimit) =>
        bytes.IsEmpty ? Empty
        : bytes.Length <= limit ? new HostileText(bytes.ToArray(), bytes.Length, null)
        : new HostileText(
            bytes[..limit].ToArray(), bytes.Length, Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant());

    public static HostileText Of(string text, int limit = DefaultLimit) => Of(Encoding.UTF8.GetBytes(text), limit);

    /// <summary>Puts together again what a journal stored.</summary>
    public static HostileText Restore(ReadOnlyMemory<byte> kept, long length, string? sha256) =>
        new(kept, length, sha256);

    public bool Equals(HostileText? other) =>
        other is not null && Length == other.Length && Sha256 == other.Sha256
        && Kept.Span.SequenceEqual(other.Kept.Span);

    public override bool Equals(object? obj) => Equals(obj as HostileText);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Kept.Span);
        hash.Add(Length);
        return hash.ToHashCode();
    }

    /// <summary>The kept bytes in the form of <see cref="ByteEscape"/>. Not yet safe for a terminal.</summary>
    public override string ToString() => ByteEscape.Escape(Kept.Span);
}
