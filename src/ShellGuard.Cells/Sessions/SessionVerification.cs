using System.Security.Cryptography;
using ShellGuard.Core.Events;
using ShellGuard.Journal;

namespace ShellGuard.Cells.Sessions;

/// <summary>Checks a session's journals against this user's key, and its recording against the journal.</summary>
public static class SessionVerification
{
    /// <summary>Checks all of them.</summary>
    /// <exception cref="SessionException">The key cannot be read: without it a journal that somebody rewrote and signed
    /// anew would pass.</exception>
    public static IReadOnlyList<VerifiedFile> Verify(StoredSession session, string keyFile)
    {
        string fingerprint = Fingerprint(keyFile);
        bool running = session.IsRunning;
        List<VerifiedFile> files = [];
        foreach (string journal in session.Journals)
        {
            files.Add(Journal(session, journal, fingerprint, running));
        }

        if (Recording(session) is { } recording)
        {
            files.Add(recording);
        }

        return files;
    }

    private static string Fingerprint(string keyFile)
    {
        // Verifying must not make the key that it verifies against.
        if (!new FileInfo(keyFile).Exists)
        {
            throw new SessionException($"the key {keyFile} is missing, so nothing can be verified");
        }

        if (!JournalKey.TryLoad(keyFile, out JournalKey? key, out string? error))
        {
            throw new SessionException(error);
        }

        using (key)
        {
            return key.Fingerprint;
        }
    }

    private static VerifiedFile Journal(StoredSession session, string path, string fingerprint, bool running)
    {
        string name = Path.GetFileName(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            JournalVerification found = JournalVerifier.Verify(stream, session.Id, fingerprint);
            string finding = found.Status == JournalStatus.Valid
                ? $"{found.Records} records as they were written, closed and signed with key {fingerprint[..16]}"
                : $"{found.Records} records hold together, signed up to record {found.SignedThrough}; the session runs";
            string? problem = found.Status switch
            {
                JournalStatus.Valid => null,
                JournalStatus.NotClosed when running => null,
                JournalStatus.NotClosed => $"not closed: {found.Fault}; signed up to record {found.SignedThrough}",
                _ => $"bad: {found.Fault}",
            };
            return new VerifiedFile(name, found.Records, found.SignedThrough, finding, problem);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new VerifiedFile(name, 0, 0, "", $"cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }

    /// <summary>The journal's last words hold the recording's hash.</summary>
    /// <returns>Null where there is neither a hash nor a recording.</returns>
    private static VerifiedFile? Recording(StoredSession session)
    {
        string? expected = null;
        if (JournalReader.TryOpen(SessionFiles.Journal(session.Directory), out JournalReader? reader, out _))
        {
            using (reader)
            {
                expected = reader.Read().Select(line => line.Record?.Event).OfType<SessionEndEvent>()
                    .LastOrDefault()?.RecordingSha256;
            }
        }

        if (expected is null)
        {
            return null;
        }

        string path = SessionFiles.Recording(session.Directory);
        string name = Path.GetFileName(path);
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            string found = Convert.ToHexString(SHA256.HashData(stream)).ToLowerInvariant();
            return new VerifiedFile(
                name, 0, 0, "as it was recorded",
                found == expected ? null : "it is not what was recorded: its hash is another than the journal's");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new VerifiedFile(name, 0, 0, "", $"cannot be read: {failure.Message.TrimEnd('.')}");
        }
    }
}
