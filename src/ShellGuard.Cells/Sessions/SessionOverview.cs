using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Where sessions stand.</summary>
public static class SessionOverview
{
    /// <summary>Looks at a session's lock and layers.</summary>
    /// <param name="changes">How many changes wait for a decision, as they were counted last: at the session's end or
    /// after the last decision. Null while it runs.</param>
    public static SessionState StateOf(StoredSession session, out int? changes)
    {
        changes = null;
        if (session.IsRunning)
        {
            return SessionState.Running;
        }

        bool isDamaged = false;
        changes = ChangeCount.Recall(session) ?? Count(session, out isDamaged);

        // A layer that cannot be opened may hold anything.
        return changes > 0 || isDamaged ? SessionState.Undecided : SessionState.Ended;
    }

    private static int Count(StoredSession session, out bool isDamaged)
    {
        IReadOnlyList<string> before = ChangeCount.Stamps(session);
        int count;
        using (SessionLayers layers = SessionLayers.Open(session))
        {
            count = layers.Count;
            isDamaged = layers.Problems.Count > 0;
        }

        // Not when somebody began to decide meanwhile, who counts again.
        using Descriptor? held = isDamaged ? null : SessionLock.TryTake(session.Directory);
        if (held is not null && before.SequenceEqual(ChangeCount.Stamps(session), StringComparer.Ordinal))
        {
            ChangeCount.Remember(session, count);
        }

        return count;
    }
}
