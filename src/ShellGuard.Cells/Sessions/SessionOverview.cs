namespace ShellGuard.Cells.Sessions;

/// <summary>Where sessions stand.</summary>
public static class SessionOverview
{
    /// <summary>Looks at a session's lock and layers.</summary>
    /// <param name="changes">How many changes wait for a decision; null while it runs.</param>
    public static SessionState StateOf(StoredSession session, TimeProvider time, out int? changes)
    {
        changes = null;
        if (session.IsRunning(time))
        {
            return SessionState.Running;
        }

        using SessionLayers layers = SessionLayers.Open(session);
        changes = layers.Count;

        // A layer that cannot be opened may hold anything.
        return changes > 0 || layers.Problems.Count > 0 ? SessionState.Undecided : SessionState.Ended;
    }
}
