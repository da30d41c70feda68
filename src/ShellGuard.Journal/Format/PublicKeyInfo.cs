using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ShellGuard.Journal.Format;

/// <summary>Reads the one form of public key that a journal may carry.</summary>
internal static class PublicKeyInfo
{
    // SubjectPublicKeyInfo of an uncompressed point on P-256 (RFC 5480): everything before the point is constant.
    // Comparing it keeps a journal from bringing a curve of its own, on which anyone can sign.
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    private const int CoordinateBytes = 32;

    public static bool TryParse(string base64, [NotNullWhen(true)] out ECDsa? key)
    {
        key = null;
        Span<byte> info = stackalloc byte[128];
        if (!Convert.TryFromBase64String(base64, info, out int length)
            || length != Prefix.Length + (2 * CoordinateBytes) || !info.StartsWith(Prefix))
        {
            return false;
        }

        try
        {
            key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = info.Slice(Prefix.Length, CoordinateBytes).ToArray(),
                    Y = info.Slice(Prefix.Length + CoordinateBytes, CoordinateBytes).ToArray(),
                },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false; // not a point on the curve
        }
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo in lower-case hex.</summary>
    public static string Fingerprint(string base64) =>
        Convert.ToHexString(SHA256.HashData(Convert.FromBase64String(base64))).ToLowerInvariant();
}
