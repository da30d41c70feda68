using System.CommandLine;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ShellGuard.Audit.Import;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Support;

/// <summary>Recordings and audits were written by others, and what reads them is this process: before it does, it gives up
/// everything that reading does not need. <c>docs/adr/0013-who-reads-gives-up-its-rights.md</c>.</summary>
internal static class ConfinedReading
{
    public static Option<bool> DegradedOption() => new("--allow-degraded")
    {
        Description = "Read although this host cannot confine the process that reads; that is printed",
    };

    /// <summary>Confines this process for the rest of its life. What is to be read and written must be open.</summary>
    /// <param name="reach">What it may still do with names of files.</param>
    /// <param name="allowDegraded">Go on where it cannot be confined, and say so.</param>
    /// <param name="output">What is written, which is emptied again when there is no room for it; null for standard output.
    /// </param>
    /// <exception cref="SessionException">It cannot be confined.</exception>
    public static void Begin(ConfinedReach reach, bool allowDegraded, FileStream? output = null)
    {
        // A development build makes code while it runs, which is among what is refused. It is not what is installed.
        if (RuntimeFeature.IsDynamicCodeSupported)
        {
            return;
        }

        Load();
        LinuxResult confined = SelfConfinement.Apply(reach, (int?)output?.SafeFileHandle.DangerousGetHandle());
        if (confined.Succeeded)
        {
            return;
        }

        string lost = $"this process cannot be confined while it reads what others wrote: {confined}";
        if (!allowDegraded)
        {
            throw new SessionException($"{lost}; --allow-degraded reads all the same");
        }

        Terminal.Complain(lost);
    }

    /// <summary>Reads, and says of an output that was made before that it stays empty when nothing comes of it: who is
    /// confined cannot take it away again.</summary>
    /// <param name="output">Null for standard output.</param>
    /// <exception cref="SessionException">What was to be read is not good.</exception>
    public static ImportResult Read(FileStream? output, Func<ImportResult> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is ImportException || (failure is SessionException && output is not null))
        {
            throw new SessionException(output is null ? failure.Message : $"{failure.Message}; {output.Name} stays empty");
        }
    }

    /// <summary>What .NET would else load or open when it is first used.</summary>
    private static void Load()
    {
        Cryptography.Require();

        // Who we are, and what we are called: the user database is a file.
        _ = Invocation.User;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0]);
        hash.GetHashAndReset();
        using GZipStream packed = new(new MemoryStream(), CompressionMode.Decompress);
        packed.ReadByte();
        _ = Terminal.Colour || Terminal.ErrorColour;
    }
}
