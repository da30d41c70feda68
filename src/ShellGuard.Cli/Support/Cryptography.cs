using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Ends what cannot begin without hashes.</summary>
internal static class Cryptography
{
    /// <exception cref="SessionException">There is none.</exception>
    public static void Require()
    {
        if (!CryptographicLibrary.TryLoad())
        {
            throw new SessionException(CryptographicLibrary.Missing);
        }
    }

    /// <summary>Ends the process with one line, from whichever thread.</summary>
    public static void EndWithout()
    {
        Terminal.Complain(CryptographicLibrary.Missing);
        Environment.Exit(SessionException.OwnFailure);
    }
}
