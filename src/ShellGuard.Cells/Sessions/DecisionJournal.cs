using ShellGuard.Cells.Layers;
using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Sessions;

/// <summary>Records what a person decides on a session's changes, before it is done. The session's journal is closed
/// and sealed by then; each commit or discard has a journal of its own beside it, made with its first record.</summary>
public sealed class DecisionJournal : IDisposable
{
    private readonly StoredSession _session;
    private readonly string _keyFile;
    private readonly DecisionMaker _maker;
    private JournalKey? _key;
    private JournalWriter? _journal;

    /// <param name="keyFile">The key of the session's journal.</param>
    public DecisionJournal(StoredSession session, string keyFile, DecisionMaker maker)
    {
        _session = session;
        _keyFile = keyFile;
        _maker = maker;
    }

    /// <summary>Why the last record could not be written, one line; null while all could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Records that a change is about to be written to the host.</summary>
    /// <returns>Whether it stands in the journal, forced to the disk. When it does not, it must not be done.</returns>
    public bool Commit(SessionLayer layer, Change change)
    {
        if (!LayerContent.TryHash(layer.Layer, change, out string? sha256, out string? problem))
        {
            Problem = problem;
            return false;
        }

        return Append(new CommitEvent(HostileText.Of(KernelText.Encode(layer.HostPath(change))), KindOf(change), sha256));
    }

    /// <summary>Records that changes are about to be thrown away.</summary>
    /// <param name="path">The host's path; empty for all that the session changed.</param>
    public bool Discard(string path) => Append(new DiscardEvent(HostileText.Of(KernelText.Encode(path))));

    /// <summary>Seals the journal, where there is one.</summary>
    /// <returns>Whether it is whole.</returns>
    public bool Close(int status, string reason)
    {
        bool whole = _journal is null || _journal.Close(new SessionEndEvent(status, reason));
        Problem = whole ? Problem : Problem ?? _journal?.Failure;
        return whole;
    }

    public void Dispose()
    {
        _journal?.Dispose();
        _key?.Dispose();
    }

    private bool Append(JournalEvent what)
    {
        string? problem = null;
        if (_journal is null && !TryCreate(out problem))
        {
            Problem = problem;
            return false;
        }

        bool written = _journal!.Append(what);
        Problem = written ? Problem : _journal.Failure;
        return written;
    }

    private bool TryCreate(out string? problem)
    {
        if (_key is null && !HostKey.TryLoadOrCreate(_keyFile, out _key, out problem))
        {
            return false;
        }

        SessionStartEvent start = new(
            PolicyDigest(), _maker.User, Environment.MachineName, _maker.Version)
        {
            Command = ArgumentVector.Of(_maker.Command),
        };

        // The session's lock is held, so no other decision takes the number in between.
        return JournalWriter.TryCreate(
            SessionFiles.Decisions(_session.Directory, _session.Journals.Count),
            _key, _session.Id, start, new JournalClock(TimeProvider.System), Durability.Decisions,
            out _journal, out problem);
    }

    /// <summary>The digest of the policy that the session ran under, from its journal.</summary>
    private string PolicyDigest()
    {
        if (!JournalReader.TryOpen(SessionFiles.Journal(_session.Directory), out JournalReader? reader, out _))
        {
            return "";
        }

        using (reader)
        {
            return reader.Read().FirstOrDefault()?.Record?.Event is SessionStartEvent start ? start.PolicyDigest : "";
        }
    }

    private static Core.Events.ChangeKind KindOf(Change change) => change.Kind switch
    {
        Layers.ChangeKind.Added => Core.Events.ChangeKind.Added,
        Layers.ChangeKind.Deleted => Core.Events.ChangeKind.Deleted,
        Layers.ChangeKind.Modified when (change.Aspects & (ChangeAspects.Content | ChangeAspects.Target | ChangeAspects.Links))
            == ChangeAspects.None =>
            Core.Events.ChangeKind.Attributes,
        _ => Core.Events.ChangeKind.Modified,
    };
}
