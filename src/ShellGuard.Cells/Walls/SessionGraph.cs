using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Events;
using ShellGuard.Core.Flow;
using ShellGuard.Journal;

namespace ShellGuard.Cells.Walls;

/// <summary>The flow graph of a session, read from its journal.</summary>
public static class SessionGraph
{
    /// <exception cref="SessionException">The journal cannot be read, or tells of no walls.</exception>
    public static FlowState Read(StoredSession session)
    {
        if (!JournalReader.TryOpen(SessionFiles.Journal(session.Directory), out JournalReader? reader, out string? error))
        {
            throw new SessionException(error, 1);
        }

        using (reader)
        {
            List<FlowEvent> events = [.. reader.Read().Select(line => line.Record?.Event).OfType<FlowEvent>()];
            if (events.Count == 0)
            {
                throw new SessionException($"session {session.Id} has no walls: its policy says nothing of them", 1);
            }

            try
            {
                return FlowReplay.Of(events, WallsFile.Read(session.Directory)?.Flow);
            }
            catch (FormatException failure)
            {
                throw new SessionException($"session {session.Id}: {failure.Message}", 1);
            }
        }
    }
}
