using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Hashes and signatures come from the host's OpenSSL, which small containers lack.</summary>
internal static class Cryptography
{
    private const string Missing =
        "OpenSSL is missing, from which hashes and signatures come: install version 3 (Debian, Ubuntu: libssl3; "
        + "Fedora: openssl-libs)";

    /// <exception cref="SessionException">There is none.</exception>
    public static void Require()
    {
        if (!CryptographicLibrary.TryLoad())
        {
            throw new SessionException(Missing);
        }
    }

    /// <summary>Ends the process with one line, from whichever thread.</summary>
    public static void EndWithout()
    {
        Terminal.Complain(Missing);
        Environment.Exit(SessionException.OwnFailure);
    }
}
