using ShellGuard.Cells.Layers;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Settles what a session leaves behind: without changes its layers are removed and the journal stays.</summary>
internal static class SessionEnding
{
    private const int Lines = 8;

    /// <summary>Looking at very many changes must not keep the caller waiting; the layers then stay as they are.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="id">The session, whose lock is held and whose cell is gone.</param>
    public static SessionSummary Settle(SessionId id, string directory)
    {
        StoredSession session = new(id, directory, SessionRecord.Read(directory));
        List<string> problems = [];
        List<string> first = [];
        List<string> hidden = [];
        int count = 0;

        // A timer starts threads, which nobody needs who changed nothing.
        using CancellationTokenSource patience = session.LayerDirectories.Any(HasContent) ? new(Patience) : new();
        try
        {
            List<string> empty = [];
            using (SessionLayers layers = SessionLayers.Open(session, patience.Token))
            {
                problems.AddRange(layers.Problems);
                foreach (SessionLayer layer in layers.Layers)
                {
                    int undecided = layer.Undecided.Count();
                    count += undecided;
                    hidden.AddRange(layer.Changes.Changes.Where(change => change.IsHidden).Select(layer.HostPath));
                    if (layer.Changes.Changes.Count == 0)
                    {
                        empty.Add(layer.Directory);
                        continue;
                    }

                    layer.KeepBases(patience.Token);
                    if (first.Count < Lines && undecided > 0)
                    {
                        first.Add($"in {SafeText.Escape(layer.Target)}:");
                        first.AddRange(layer.Undecided.Take(Lines - first.Count + 1)
                            .Select(change => "  " + ChangeText.Line(change)));
                    }
                }
            }

            foreach (string layer in empty)
            {
                if (!LayerDiscard.TryRemove(Path.GetDirectoryName(layer)!, Path.GetFileName(layer), out string? problem))
                {
                    problems.Add(problem);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new SessionSummary(null, [], [], problems);
        }

        if (problems.Count == 0)
        {
            ChangeCount.Remember(session, count);
        }

        return new SessionSummary(count, first, hidden, problems);
    }

    private static bool HasContent(string layer)
    {
        LinuxResult result = Files.Open($"{layer}/{Layer.UpperName}", LayerDirectory.Listing, out Descriptor upper);
        using (upper)
        {
            return result.Failed || DirectoryEntries.List(upper, out List<string> names).Failed || names.Count > 0;
        }
    }
}
