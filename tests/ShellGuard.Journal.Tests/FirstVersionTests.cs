using System.Runtime.CompilerServices;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

/// <summary>A journal that the first version wrote is on people's disks: it stays readable and valid.</summary>
public sealed class FirstVersionTests
{
    private const string Fingerprint = "db32ee10d21d0d703ff33143ea51303afe17913e3196894d7df424d1d1ee03bb";

    [Fact]
    public void A_journal_of_the_first_version_is_still_valid_and_read()
    {
        byte[] journal = File.ReadAllBytes(Stored());
        JournalVerification found = JournalVerifier.Verify(new MemoryStream(journal), Samples.Session, Fingerprint);
        Assert.Equal((JournalStatus.Valid, null), (found.Status, found.Fault));
        using JournalReader reader = new(new MemoryStream(journal));
        JournalLine[] lines = [.. reader.Read()];
        Assert.All(lines, line => Assert.Null(line.Problem));

        // Later kinds have numbers above those of the first version.
        Assert.Empty(Samples.Every.Select(what => what.Kind).Where(kind => kind <= EventKind.Seal).Except(lines.Select(line => line.Record!.Event.Kind)));
    }

    private static string Stored([CallerFilePath] string file = "") => Path.GetFullPath(
        Path.Combine(Path.GetDirectoryName(file)!, "Corpus", "journal-verifier", "first-version"));
}
