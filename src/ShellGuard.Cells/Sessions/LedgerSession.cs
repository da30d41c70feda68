using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>A session that has a journal and a place in the storage but no cell: what is recorded comes from whoever holds
/// it.</summary>
public sealed class LedgerSession : IDisposable
{
    private readonly Descriptor _lock;
    private readonly JournalKey _key;
    private readonly JournalWriter _writer;

    private LedgerSession(SessionId id, Descriptor held, JournalKey key, JournalWriter writer)
    {
        Id = id;
        _lock = held;
        _key = key;
        _writer = writer;
    }

    public SessionId Id { get; }

    /// <summary>Why nothing more can be recorded; null while it can.</summary>
    public string? Failure => _writer.Failure;

    /// <summary>Begins one.</summary>
    /// <param name="root">The storage.</param>
    /// <param name="user">Whose it is.</param>
    /// <param name="start">The journal's first record.</param>
    /// <param name="policy">What <c>shellguard sessions</c> shows as its policy.</param>
    /// <param name="command">What it shows as its command.</param>
    /// <exception cref="StorageException">There is no place for it.</exception>
    /// <exception cref="SessionException">It cannot be recorded; then nothing may run.</exception>
    public static LedgerSession Begin(
        string root, SessionUser user, SessionStartEvent start, string policy, IReadOnlyList<string> command)
    {
        SessionStorage storage = SessionStorage.Open(root, user.Uid);
        JournalClock clock = new(TimeProvider.System);
        SessionId id = SessionIds.New(TimeProvider.System);
        string directory = storage.Create(id.Text);
        Descriptor held = SessionLock.Take(directory);
        JournalKey? key = null;
        try
        {
            SessionRecord.Write(
                directory, new SessionRecord(id.Text, clock.Start, policy, command, Environment.CurrentDirectory, []));
            return HostKey.TryLoadOrCreate($"{storage.Root}/{SessionFiles.Key}", out key, out string? problem)
                && JournalWriter.TryCreate(
                    SessionFiles.Journal(directory), key, id, start, clock, Durability.Decisions,
                    out JournalWriter? writer, out problem)
                    ? new LedgerSession(id, held, key, writer)
                    : throw new SessionException(problem);
        }
        catch (Exception failure)
        {
            key?.Dispose();
            held.Dispose();
            throw failure is IOException or UnauthorizedAccessException
                ? new SessionException($"the session's record cannot be written: {failure.Message.TrimEnd('.')}")
                : failure;
        }
    }

    /// <summary>Records an event before it has its effect.</summary>
    /// <param name="position">Where it stands, and which denial it is.</param>
    /// <returns>Whether it stands in the journal.</returns>
    public bool Append(JournalEvent what, out RecordPosition position) => _writer.Append(what, out position);

    /// <summary>Writes the end and the signed head.</summary>
    /// <returns>Whether the journal is whole.</returns>
    public bool End(int status, string reason) => _writer.Close(new SessionEndEvent(status, reason));

    public void Dispose()
    {
        _writer.Dispose();
        _key.Dispose();
        _lock.Dispose();
    }
}
