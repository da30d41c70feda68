using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal;

/// <summary>The key that signs a user's journals on this host: ECDSA over P-256, in a file that only its owner can
/// read. Whoever can read the file can sign; <c>docs/journal-format.md</c> says what that means.</summary>
public sealed class JournalKey : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int MaxFileBytes = 4096;

    private readonly ECDsa _key;

    private JournalKey(ECDsa key)
    {
        _key = key;
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        PublicKey = Convert.ToBase64String(publicKey);
        Fingerprint = Convert.ToHexString(SHA256.HashData(publicKey)).ToLowerInvariant();
    }

    /// <summary>SubjectPublicKeyInfo in base64.</summary>
    public string PublicKey { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo in lower-case hex.</summary>
    public string Fingerprint { get; }

    /// <summary>A key that lives in memory only.</summary>
    internal static JournalKey Ephemeral() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>A new key in PEM (PKCS #8), with a newline behind it.</summary>
    public static string NewPem()
    {
        using ECDsa fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return fresh.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Reads the key.</summary>
    /// <param name="path">The key's file, which only its owner may read.</param>
    /// <param name="error">One line where there is no key.</param>
    public static bool TryLoad(
        string path, [NotNullWhen(true)] out JournalKey? key, [NotNullWhen(false)] out string? error)
    {
        try
        {
            return TryRead(path, out key, out error);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            key = null;
            error = $"the journal's key {path} cannot be read: {failure.Message.TrimEnd('.')}";
            return false;
        }
    }

    /// <summary>Signs; the signature is two 32-byte integers (IEEE P1363).</summary>
    internal void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        if (!_key.TrySignData(
                data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation,
                out int written)
            || written != RecordTail.SignatureBytes)
        {
            throw new CryptographicException("the signature has an unexpected length");
        }
    }

    public void Dispose() => _key.Dispose();

    private static bool TryRead(
        string path, [NotNullWhen(true)] out JournalKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
        if ((mode & ~OwnerOnly) != UnixFileMode.None)
        {
            error = $"the journal's key {path} is open to others (mode {Convert.ToString((int)mode, 8)}); "
                + "chmod 600 it, or remove it to get a new one";
            return false;
        }

        byte[] text = new byte[MaxFileBytes];
        int length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        ECDsa ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(Encoding.ASCII.GetString(text, 0, length));
            JournalKey loaded = new(ecdsa);
            if (PublicKeyInfo.TryParse(loaded.PublicKey, out ECDsa? check))
            {
                check.Dispose();
                key = loaded;
                error = null;
                return true;
            }
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            // Told below: not a key, or not one of ours.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        ecdsa.Dispose();
        error = $"the journal's key {path} is not a P-256 private key in PEM; remove it to get a new one";
        return false;
    }
}
