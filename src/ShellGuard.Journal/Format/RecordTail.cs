using System.Security.Cryptography;

namespace ShellGuard.Journal.Format;

/// <summary>The end of a record's line, which has a fixed form so that it can be checked before anything is parsed:
/// <c>,"hash":"</c>, 64 hex digits, <c>"}</c>; in a signed record <c>,"signature":"</c>, 128 hex digits and a quote
/// stand before it. The hash is over the line's bytes before the tail, the signature over those before it.</summary>
internal static class RecordTail
{
    public const int HashCharacters = 64;
    public const int SignatureBytes = 64;

    private const int SignatureCharacters = SignatureBytes * 2;

    private static ReadOnlySpan<byte> HashName => ",\"hash\":\""u8;

    private static ReadOnlySpan<byte> SignatureName => ",\"signature\":\""u8;

    private static ReadOnlySpan<byte> Digits => "0123456789abcdef"u8;

    public static int HashTailLength => HashName.Length + HashCharacters + 2;

    private static int SignatureTailLength => SignatureName.Length + SignatureCharacters + 1;

    /// <summary>Room that a signature and a hash need after a record's body.</summary>
    public static int MaxLength => SignatureTailLength + HashTailLength + 1;

    /// <summary>Appends the signature to a body without its closing brace.</summary>
    public static int WriteSignature(ReadOnlySpan<byte> signature, Span<byte> destination)
    {
        SignatureName.CopyTo(destination);
        WriteHex(signature, destination[SignatureName.Length..]);
        destination[SignatureTailLength - 1] = (byte)'"';
        return SignatureTailLength;
    }

    /// <summary>Appends the hash and the line feed to a body without its closing brace.</summary>
    /// <param name="hash">Receives the hash in hex for the next record.</param>
    public static int WriteHash(ReadOnlySpan<byte> body, Span<byte> destination, Span<byte> hash)
    {
        Span<byte> raw = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, raw);
        WriteHex(raw, hash);
        HashName.CopyTo(destination);
        hash.CopyTo(destination[HashName.Length..]);
        "\"}\n"u8.CopyTo(destination[(HashName.Length + HashCharacters)..]);
        return HashTailLength + 1;
    }

    /// <summary>Splits a line without its line feed into what is hashed and the hash's digits.</summary>
    public static bool TrySplitHash(
        ReadOnlySpan<byte> line, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> hash)
    {
        body = hash = default;
        if (line.Length <= HashTailLength || !line.EndsWith("\"}"u8)
            || !line[^HashTailLength..].StartsWith(HashName))
        {
            return false;
        }

        body = line[..^HashTailLength];
        hash = line.Slice(line.Length - HashCharacters - 2, HashCharacters);
        return true;
    }

    /// <summary>Splits what is hashed into what is signed and the signature.</summary>
    public static bool TrySplitSignature(
        ReadOnlySpan<byte> body, out ReadOnlySpan<byte> signed, Span<byte> signature)
    {
        signed = default;
        if (body.Length <= SignatureTailLength || body[^1] != (byte)'"'
            || !body[^SignatureTailLength..].StartsWith(SignatureName))
        {
            return false;
        }

        ReadOnlySpan<byte> hex = body.Slice(body.Length - SignatureCharacters - 1, SignatureCharacters);
        for (int index = 0; index < SignatureBytes; index++)
        {
            int high = Digits.IndexOf(hex[index * 2]);
            int low = Digits.IndexOf(hex[(index * 2) + 1]);
            if (high < 0 || low < 0)
            {
                return false;
            }

            signature[index] = (byte)((high << 4) | low);
        }

        signed = body[..^SignatureTailLength];
        return true;
    }

    /// <summary>Whether the digits are the lower-case hex of the body's SHA-256.</summary>
    public static bool HashMatches(ReadOnlySpan<byte> body, ReadOnlySpan<byte> hash)
    {
        Span<byte> raw = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, raw);
        Span<byte> expected = stackalloc byte[HashCharacters];
        WriteHex(raw, expected);
        return hash.SequenceEqual(expected);
    }

    private static void WriteHex(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int index = 0; index < source.Length; index++)
        {
            destination[index * 2] = Digits[source[index] >> 4];
            destination[(index * 2) + 1] = Digits[source[index] & 15];
        }
    }
}
