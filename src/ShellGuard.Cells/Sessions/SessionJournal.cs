using ShellGuard.Core.Events;
using ShellGuard.Journal;

namespace ShellGuard.Cells.Sessions;

/// <summary>A session's journal with the key that signs it.</summary>
internal sealed class SessionJournal : IDisposable
{
    private readonly JournalKey _key;

    private SessionJournal(JournalKey key, JournalWriter writer)
    {
        _key = key;
        Writer = writer;
    }

    public JournalWriter Writer { get; }

    /// <summary>Creates the journal with its first record.</summary>
    /// <exception cref="SessionException">It cannot be written; then there must be no session.</exception>
    public static SessionJournal Open(
        SessionStorage storage, string directory, SessionId id, SessionRequest request, JournalClock clock)
    {
        if (!HostKey.TryLoadOrCreate($"{storage.Root}/{SessionFiles.Key}", out JournalKey? key, out string? problem))
        {
            throw new SessionException(problem);
        }

        SessionStartEvent start = new(
            request.PolicyDigest(), request.User.Name, Environment.MachineName, request.Version)
        {
            Command = ArgumentVector.Of(request.Command),
        };
        if (JournalWriter.TryCreate(
            SessionFiles.Journal(directory), key, id, start, clock, Durability.Decisions,
            out JournalWriter? writer, out problem))
        {
            return new SessionJournal(key, writer);
        }

        key.Dispose();
        throw new SessionException(problem);
    }

    public void Dispose()
    {
        Writer.Dispose();
        _key.Dispose();
    }
}
