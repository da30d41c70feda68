using ShellGuard.Cells.Layers;
using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Sessions;

/// <summary>A session as the storage has it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Directory">Its storage.</param>
/// <param name="Record">What was recorded of it at its start; null when it never got that far, or it is damaged.</param>
public sealed record StoredSession(SessionId Id, string Directory, SessionRecord? Record)
{
    /// <summary>When it started.</summary>
    public DateTimeOffset Started => Record?.Started ?? Id.Start;

    /// <summary>The directories of the layers that are still there, in the order of their numbers.</summary>
    public IReadOnlyList<string> LayerDirectories
    {
        get
        {
            DirectoryInfo layers = new(SessionFiles.Layers(Directory));
            return !layers.Exists
                ? []
                : [.. layers.EnumerateDirectories().Select(layer => layer.Name).Where(StorageName.IsValid)
                    .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)
                    .Select(name => $"{layers.FullName}/{name}")];
        }
    }

    /// <summary>The session's own journal and those of the decisions after it, in their order.</summary>
    public IReadOnlyList<string> Journals
    {
        get
        {
            List<string> journals = [SessionFiles.Journal(Directory)];
            for (int number = 1; new FileInfo(SessionFiles.Decisions(Directory, number)).Exists; number++)
            {
                journals.Add(SessionFiles.Decisions(Directory, number));
            }

            return journals;
        }
    }

    /// <summary>Whether somebody holds its lock. A session that has no record yet may be between making its directory
    /// and taking the lock; looking must not be what keeps it from starting.</summary>
    public bool IsRunning(TimeProvider time)
    {
        if (Record is null && time.GetUtcNow() - Id.Start < TimeSpan.FromMinutes(1))
        {
            return true;
        }

        using Linux.Handles.Descriptor? held = SessionLock.TryTake(Directory);
        return held is null;
    }
}
