using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Calls;

/// <summary>OpenSSL, which System.Security.Cryptography is made of, started with less than .NET asks it for.</summary>
public static unsafe class CryptographicLibrary
{
    /// <summary>What to say where there is none: hashes and signatures come from the host's, which small containers lack.
    /// </summary>
    public const string Missing =
        "OpenSSL is missing, from which hashes and signatures come: install version 3 (Debian, Ubuntu: libssl3; "
        + "Fedora: openssl-libs)";

    private const ulong NO_LOAD_CRYPTO_STRINGS = 0x1;
    private const ulong NO_ADD_ALL_CIPHERS = 0x10;
    private const ulong NO_ADD_ALL_DIGESTS = 0x20;
    private const ulong NO_ATEXIT = 0x80000;

    /// <summary>Loads the library, which .NET does only when it is needed, and then ends the process where there is none.
    /// </summary>
    /// <returns>Whether there is one that .NET can use.</returns>
    public static bool TryLoad() =>
        NativeLibrary.TryLoad("libssl.so.3", out _) || NativeLibrary.TryLoad("libssl.so.1.1", out _);

    /// <summary>What is refused here stays off when .NET asks for everything afterwards, OPENSSL_init_crypto(3): texts of
    /// errors, which nobody here shows, and names of legacy algorithms, which nobody here uses. Building these tables
    /// takes longer than a session's hashes and signatures. openssl.cnf is read as ever: it may demand FIPS.</summary>
    public static void Prepare()
    {
        // Another version than .NET would load is left alone: without libssl.so.3 it would look for that one.
        if (!NativeLibrary.TryLoad("libcrypto.so.3", out nint library)
            || !NativeLibrary.TryGetExport(library, "OPENSSL_init_crypto", out nint function))
        {
            return;
        }

        // SAFETY: int OPENSSL_init_crypto(uint64_t, const OPENSSL_INIT_SETTINGS *), which may be null. The library is
        // never unloaded. Whatever fails here, .NET's own start of the library finds and reports.
        _ = ((delegate* unmanaged<ulong, nint, int>)function)(
            NO_LOAD_CRYPTO_STRINGS | NO_ADD_ALL_CIPHERS | NO_ADD_ALL_DIGESTS | NO_ATEXIT, 0);
    }
}
