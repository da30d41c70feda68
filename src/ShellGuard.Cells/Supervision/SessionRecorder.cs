using ShellGuard.Cells.Terminals;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal;

namespace ShellGuard.Cells.Supervision;

/// <summary>Writes what happens into the session's journal and says denials to the person. When the journal cannot be
/// written any more, nothing more may happen: the session is stopped.</summary>
/// <param name="journal">The session's journal.</param>
/// <param name="cell">The cell's name.</param>
/// <param name="notices">Where denials are said.</param>
/// <param name="stop">Ends the session; called once, with the reason.</param>
internal sealed class SessionRecorder(JournalWriter journal, string cell, INotices notices, Action<string> stop)
    : IAccessSink
{
    private int _stopped;

    /// <inheritdoc/>
    public bool Record(Access access)
    {
        if (!Append(AccessEvent.From(access, cell), out RecordPosition position))
        {
            return false;
        }

        if (access.Verdict.Decision == Decision.Deny)
        {
            notices.Denied(access, (int)position.Denial);
        }

        return true;
    }

    /// <summary>Writes an event.</summary>
    /// <returns>Whether it stands in the journal.</returns>
    public bool Record(JournalEvent what) => Append(what, out _);

    private bool Append(JournalEvent what, out RecordPosition position)
    {
        if (journal.Append(what, out position))
        {
            return true;
        }

        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            stop(journal.Failure ?? "the journal cannot be written");
        }

        return false;
    }
}
