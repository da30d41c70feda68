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

    /// <summary>The directories of the layers that are still there, in the order of their numbers: first those without a
    /// label, then those of each side.</summary>
    public IReadOnlyList<string> LayerDirectories =>
        [.. ((string[])[Directory, .. Named(SessionFiles.Cells(Directory))]).SelectMany(
            holder => Named(SessionFiles.Layers(holder)))];

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

    /// <summary>Whether it has a record that cannot be read. Its changes are there all the same.</summary>
    public bool IsDamaged => Record is null && new FileInfo(SessionFiles.Record(Directory)).Exists;

    /// <summary>Whether it is so young and so bare that it may be about to take its lock.</summary>
    public bool MayBeStarting(TimeProvider time) =>
        Record is null && !IsDamaged && (time.GetUtcNow() - Id.Start).Duration() < TimeSpan.FromMinutes(1);

    /// <summary>Whether somebody holds its lock.</summary>
    public bool IsRunning => SessionLock.IsHeld(Directory);

    private static List<string> Named(string directory)
    {
        DirectoryInfo holder = new(directory);
        if (!holder.Exists)
        {
            return [];
        }

        List<string> names = [.. holder.GetDirectories().Select(item => item.Name)];
        names.RemoveAll(name => !StorageName.IsValid(name));
        names.Sort((a, b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b));
        return names.ConvertAll(name => $"{holder.FullName}/{name}");
    }
}
