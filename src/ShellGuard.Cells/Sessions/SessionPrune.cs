using ShellGuard.Cells.Layers;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Removes old sessions with everything that is kept of them.</summary>
public static class SessionPrune
{
    private const OpenFlags Directory = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    /// <summary>Whether a session may go.</summary>
    /// <param name="undecided">Whether it may go although it has changes that nobody decided on.</param>
    /// <param name="kept">Why it stays: running, undecided; null where it may go.</param>
    public static bool MayGo(StoredSession session, bool undecided, TimeProvider time, out string? kept)
    {
        kept = session.IsRunning(time) ? "it is running"
            : !undecided && SessionOverview.StateOf(session, time, out _) == SessionState.Undecided
                ? "its changes are undecided"
                : null;
        return kept is null;
    }

    /// <summary>Removes a session: layers, journals, recording.</summary>
    /// <returns>What went wrong, one line, or null.</returns>
    /// <exception cref="SessionException">It is in use.</exception>
    public static string? Remove(SessionCatalog catalog, StoredSession session)
    {
        using Descriptor held = SessionLock.Take(session.Directory);
        LinuxResult result = Files.Open(catalog.SessionsDirectory, Directory, out Descriptor parent);
        using (parent)
        {
            result = result.Failed ? result : TreeRemoval.Remove(parent, session.Id.Text);
            return result.Failed ? $"session {session.Id} cannot be removed: {result}" : null;
        }
    }
}
