using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Walls;
using ShellGuard.Core;

namespace ShellGuard.Cells.Sessions;

/// <summary>Commits and discards what a session changed. Both take the session's lock, so that neither meets a running
/// cell or the other.</summary>
public static class SessionDecision
{
    /// <summary>Brings changes to the host and removes the layers that are empty then.</summary>
    /// <param name="paths">Of the host, absolute and normalised; empty for all.</param>
    /// <param name="resolve">Asked for each change that the host made too; null refuses those.</param>
    /// <exception cref="SessionException">It is running, or a path is in none of its layers.</exception>
    public static SessionCommitReport Commit(
        StoredSession session,
        IReadOnlyList<string> paths,
        Func<SessionLayer, Change, ConflictAnswer>? resolve,
        string keyFile,
        DecisionMaker maker)
    {
        using var held = SessionLock.Take(session.Directory);
        ChangeCount.Forget(session);
        using DecisionJournal journal = new(session, keyFile, maker);

        // Whatever is wrong with the list is found before anything is written to the host.
        CommittedLabels labels = SessionSide.LabelsIn(Path.GetDirectoryName(Path.GetDirectoryName(session.Directory))!);
        List<(SessionLayer Layer, CommitReport Report)> reports = [];
        IReadOnlyList<SessionLayer> left;
        List<string> problems;
        using (SessionLayers layers = SessionLayers.Open(session))
        {
            problems = [.. layers.Problems];
            left = layers.Layers;
            foreach ((SessionLayer layer, IReadOnlyList<string>? selected) in layers.Select(paths))
            {
                // Together where nothing is to be asked: each writing waits for the disk.
                HashSet<string> labelled = new(StringComparer.Ordinal);
                string? unlabelled = Label(labels, session, layer, labelled, selected is null
                    ? layer.Changes.Changes.Where(change => change is { Conflict: null, Refusal: null })
                    : []);
                if (unlabelled is not null)
                {
                    problems.Add(unlabelled);
                    break;
                }

                CommitReport report = LayerCommit.Run(layer.Layer, new CommitOptions
                {
                    Paths = selected,
                    Resolve = resolve is null ? null : change => resolve(layer, change),
                    Refuse = layer.RefusalOf,
                    Record = change => (unlabelled = Label(labels, session, layer, labelled, [change])) is null && journal.Commit(layer, change),
                });
                reports.Add((layer, report));
                if (unlabelled is not null)
                {
                    problems.Add(unlabelled);
                }

                if (report.Problem is { } problem)
                {
                    problems.Add(problem);
                }

                layer.Settle();
            }
        }

        Follow(labels, problems);

        // The layers are closed now: removing one needs it for itself.
        foreach ((SessionLayer layer, _) in reports.Where(report => report.Layer.Changes.Changes.Count == 0))
        {
            Remove(layer.Directory, problems);
        }

        Remember(session, problems, left);
        if (journal.Problem is { } unwritten)
        {
            problems.Add(unwritten);
        }

        bool complete = problems.Count == 0 && reports.All(report => report.Report.IsComplete);
        if (!journal.Close(complete ? 0 : 1, complete ? "all was committed" : "not all was committed"))
        {
            problems.Add($"the journal of the commit is not sealed: {journal.Problem}");
        }

        return new SessionCommitReport(reports, [.. problems.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Throws all changes of a session away.</summary>
    /// <returns>What could not be removed, one line each.</returns>
    /// <exception cref="SessionException">It is running, or the decision cannot be recorded.</exception>
    public static IReadOnlyList<string> Discard(StoredSession session, string keyFile, DecisionMaker maker)
    {
        using var held = SessionLock.Take(session.Directory);
        ChangeCount.Forget(session);
        using DecisionJournal journal = new(session, keyFile, maker);
        if (!journal.Discard(""))
        {
            throw new SessionException($"nothing was discarded: {journal.Problem}");
        }

        List<string> problems = [];
        foreach (string directory in session.LayerDirectories)
        {
            Remove(directory, problems);
        }

        journal.Close(problems.Count == 0 ? 0 : 1, problems.Count == 0 ? "all was discarded" : "not all was discarded");
        return problems;
    }

    /// <summary>Throws some changes of a session away.</summary>
    /// <param name="paths">Of the host, absolute and normalised, each with everything beneath.</param>
    /// <returns>What could not be thrown away, one line each.</returns>
    /// <exception cref="SessionException">It is running, or a path is in none of its layers.</exception>
    public static IReadOnlyList<string> Discard(
        StoredSession session, IReadOnlyList<string> paths, string keyFile, DecisionMaker maker)
    {
        using var held = SessionLock.Take(session.Directory);
        ChangeCount.Forget(session);
        using DecisionJournal journal = new(session, keyFile, maker);
        List<string> problems = [];
        List<string> empty = [];
        IReadOnlyList<SessionLayer> left;
        using (SessionLayers layers = SessionLayers.Open(session))
        {
            problems.AddRange(layers.Problems);
            left = layers.Layers;
            foreach ((SessionLayer layer, IReadOnlyList<string>? selected) in layers.Select(paths))
            {
                bool whole = selected is null || selected.Contains("");
                foreach (string path in whole ? [""] : selected!)
                {
                    string host = path.Length == 0 ? layer.Target : $"{layer.Target.TrimEnd('/')}/{path}";
                    if (!journal.Discard(host))
                    {
                        throw new SessionException($"{SafeText.Escape(host)} was not discarded: {journal.Problem}");
                    }

                    if (!whole && !LayerDiscard.TryRemove(layer.Layer, path, out string? problem))
                    {
                        problems.Add($"{SafeText.Escape(host)}: {problem}");
                    }
                }

                layer.Settle();
                if (whole || layer.Changes.Changes.Count == 0)
                {
                    empty.Add(layer.Directory);
                }
            }
        }

        empty.ForEach(directory => Remove(directory, problems));
        Remember(session, problems, left);
        journal.Close(problems.Count == 0 ? 0 : 1, problems.Count == 0 ? "it was discarded" : "not all was discarded");
        return problems;
    }

    /// <summary>Those that are still there, with what their last comparison found.</summary>
    private static void Remember(StoredSession session, List<string> problems, IReadOnlyList<SessionLayer> left)
    {
        if (problems.Count == 0)
        {
            HashSet<string> there = new(session.LayerDirectories, StringComparer.Ordinal);
            ChangeCount.Remember(
                session, left.Where(layer => there.Contains(layer.Directory)).Sum(layer => layer.Undecided.Count()));
        }
    }

    /// <summary>What goes to the host from a layer with a label is known by it before it is there.</summary>
    /// <param name="labelled">The paths that are known already.</param>
    /// <returns>Why it may not go there; null where it may.</returns>
    private static string? Label(
        CommittedLabels labels, StoredSession session, SessionLayer layer, HashSet<string> labelled, IEnumerable<Change> changes)
    {
        List<CommittedLabel> missing = [];
        foreach (Change change in changes)
        {
            if (layer.Label.Count > 0 && change.Kind != ChangeKind.Deleted && labelled.Add(change.Path))
            {
                missing.Add(new CommittedLabel(layer.HostPath(change), layer.Label, session.Id.Text));
            }
        }

        return missing.Count == 0 ? null
            : !labels.AddReplacing(missing) ? "the labels of what is to be committed cannot be written down"
            : RunningSessions.Refusal(labels, session.Id.Text) is { } refusal ? $"{layer.HostPath(changes.First())} is not committed: {refusal}"
            : null;
    }

    /// <summary>Which files they are now, so that they are known under other names, too.</summary>
    private static void Follow(CommittedLabels labels, List<string> problems)
    {
        try
        {
            labels.Follow(justWritten: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(failure.Message);
        }
    }

    private static void Remove(string directory, List<string> problems)
    {
        if (!LayerDiscard.TryRemove(Path.GetDirectoryName(directory)!, Path.GetFileName(directory), out string? problem))
        {
            problems.Add(problem);
        }
    }
}
