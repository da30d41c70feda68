using System.Security.Cryptography;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Brings a layer's changes to the host: each file whole or not at all, nothing through a link, nothing over a
/// change of the host's that nobody decided on. After a crash at any point, committing again completes it.</summary>
/// <remarks>Order: changes by path; a file is written under a temporary name beside its place and flushed, then put in
/// place in one step; directories get their final attributes when all beneath them is done, innermost first; then the
/// changed directories are flushed; only then is what was committed removed from the layer. Until then a second run
/// finds the host equal to the layer and only cleans up.</remarks>
public sealed partial class LayerCommit
{
    private readonly Layer _layer;
    private readonly CommitOptions _options;
    private readonly string _temporary = $".shellguard-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
    private readonly List<CommitEntry> _entries = [];
    private readonly List<DirectoryEnd> _ends = [];
    private readonly Dictionary<string, FileStatus> _published = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failedDirectories = new(StringComparer.Ordinal);
    private bool _stopped;

    private LayerCommit(Layer layer, CommitOptions options)
    {
        _layer = layer;
        _options = options;
    }

    /// <summary>Commits. Needs the layer for itself: no session may have it mounted.</summary>
    public static CommitReport Run(Layer layer, CommitOptions options)
    {
        if (!layer.TryLock())
        {
            return new CommitReport([], "the session is still running; end it first");
        }

        return new LayerCommit(layer, options).Run();
    }

    private CommitReport Run()
    {
        string? problem = Recover();
        if (problem is not null)
        {
            return new CommitReport([], problem);
        }

        LayerChanges changes = LayerDiff.Compute(_layer);
        HashSet<string>? wanted = Select(changes);
        foreach (Change change in changes.Changes)
        {
            if (wanted is null || wanted.Contains(change.Path))
            {
                Commit(change);
            }
        }

        if (!_stopped)
        {
            problem = FinishDirectories() ?? Flush();
        }

        if (problem is null && !_stopped)
        {
            problem = new LayerCleanup(_layer, Step).Run(changes, _entries, _options.Paths);
        }

        LinuxResult settled = problem is null && !_stopped ? _layer.Log.Settle() : default;
        problem ??= settled.Failed ? $"cannot write the layer's commit log: {settled}" : null;
        _entries.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return new CommitReport(_entries, problem ?? (_stopped ? "the commit could not be recorded and was stopped" : null));
    }

    /// <summary>The selected changes with the new directories on the way to them, or null for all.</summary>
    private HashSet<string>? Select(LayerChanges changes)
    {
        if (_options.Paths is not { } paths)
        {
            return null;
        }

        HashSet<string> all = new(changes.Changes.Select(change => change.Path), StringComparer.Ordinal);
        HashSet<string> wanted = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            bool any = false;
            foreach (Change change in changes.Changes)
            {
                if (LayerPath.IsAtOrBeneath(change.Path, path))
                {
                    wanted.Add(change.Path);
                    any = true;
                }
            }

            if (!any && !changes.Settled.Contains(path))
            {
                _entries.Add(new CommitEntry(path, null, CommitOutcome.Refused, "the session changed nothing there"));
                continue;
            }

            for (string parent = path; parent.Length > 0;)
            {
                parent = LayerPath.Parent(parent);
                Change? way = all.Contains(parent)
                    ? changes.Changes.First(change => change.Path == parent)
                    : null;
                if (way is { Kind: ChangeKind.Added or ChangeKind.Replaced })
                {
                    wanted.Add(parent);
                }
            }
        }

        return wanted;
    }

    private void Commit(Change change)
    {
        if (_stopped)
        {
            Done(change, CommitOutcome.Skipped, "the commit was stopped before it");
            return;
        }

        if ((change.Refusal ?? (_layer.IsHidden(change.Path) ? "the policy hides this path" : _options.Refuse?.Invoke(change))) is { } refusal)
        {
            Fail(change, CommitOutcome.Refused, refusal);
            return;
        }

        if (_failedDirectories.Contains(LayerPath.Parent(change.Path)))
        {
            Fail(change, CommitOutcome.Refused, "its directory was not committed");
            return;
        }

        if (IsAlreadyThere(change))
        {
            Done(change, CommitOutcome.Committed, change.Note);
            return;
        }

        if (change.Conflict is not null && !IsDecided(change))
        {
            return;
        }

        if (!_options.Record(change))
        {
            _stopped = true;
            Done(change, CommitOutcome.Skipped, "it could not be recorded");
            return;
        }

        Effect(change, isDecided: change.Conflict is not null);
    }

    /// <summary>What differs is only what a commit leaves out.</summary>
    private static bool IsAlreadyThere(Change change) =>
        change is { Kind: ChangeKind.Modified, Aspects: ChangeAspects.Mode, Mine: { IsRegular: true } mine, Host: { } host }
        && CommittedMode(mine) == host.Mode;

    private static uint CommittedMode(in FileStatus mine) => mine.Mode & ~(ModeBits.UID | ModeBits.GID);

    private bool IsDecided(Change change)
    {
        switch (_options.Resolve?.Invoke(change) ?? ConflictAnswer.Refuse)
        {
            case ConflictAnswer.TakeLayer:
                return true;
            case ConflictAnswer.KeepHost:
                Fail(change, CommitOutcome.Skipped, "the host's version was kept");
                return false;
            default:
                Fail(change, CommitOutcome.Conflict, change.Conflict!);
                return false;
        }
    }

    private void Done(Change change, CommitOutcome outcome, string? reason) =>
        _entries.Add(new CommitEntry(change.Path, change, outcome, reason));

    private void Fail(Change change, CommitOutcome outcome, string reason)
    {
        // What lies in a directory that the host does not have cannot be committed without it.
        if (change is { Type: FileType.DIR, HostType: not FileType.DIR })
        {
            _failedDirectories.Add(change.Path);
        }
        else if (_failedDirectories.Contains(LayerPath.Parent(change.Path)) && change.Type == FileType.DIR)
        {
            _failedDirectories.Add(change.Path);
        }

        Done(change, outcome, reason);
    }

    private void Step(string what) => _options.Step?.Invoke(what);

    /// <summary>Removes the temporary names that an interrupted commit left.</summary>
    private string? Recover()
    {
        foreach (CommitLog.TemporaryName left in _layer.Log.Temporaries.ToList())
        {
            LinuxResult result = LayerDirectory.Open(_layer.Target, left.Directory, out Descriptor directory);
            using (directory)
            {
                if (result.Failed)
                {
                    // The host has moved the directory away, and the name with it.
                    continue;
                }

                result = Files.Status(directory, left.Name, out FileStatus status);
                if (result.Error == Errno.ENOENT)
                {
                    continue;
                }

                string place = SafeText.Escape(LayerPath.Join(left.Directory, left.Name));
                if (left.Mine != 0 && status.Inode != left.Mine && status.Inode != left.Host)
                {
                    return $"{place} holds a file that the host put in place during an interrupted commit; "
                        + "move it where it belongs and commit again";
                }

                Step($"remove left-over {left.Name}");
                result = result.Failed ? result : TreeRemoval.Remove(directory, left.Name);
                if (result.Failed)
                {
                    return $"cannot remove {place}, left by an interrupted commit: {LayerDirectory.Explain(result)}";
                }
            }
        }

        return null;
    }

    private string? FinishDirectories()
    {
        string? problem = null;
        for (int i = _ends.Count - 1; i >= 0; i--)
        {
            DirectoryEnd end = _ends[i];
            LinuxResult result = Finish(end);
            if (result.Failed)
            {
                int index = _entries.FindIndex(entry => entry.Path == end.Path && entry.Outcome == CommitOutcome.Committed);
                string reason = $"its attributes could not be set: {LayerDirectory.Explain(result)}";
                if (index >= 0)
                {
                    _entries[index] = _entries[index] with { Outcome = CommitOutcome.Refused, Reason = reason };
                }
                else
                {
                    problem ??= $"{SafeText.Escape(end.Path)}: {reason}";
                }
            }
        }

        return problem;
    }

    private string? Flush()
    {
        foreach (string path in _touched)
        {
            Step($"flush {path}");
            LinuxResult result = LayerDirectory.Open(_layer.Target, path, out Descriptor directory);
            using (directory)
            {
                // A directory that may not be read cannot be opened for fsync(2) either; one that is gone needs none.
                result = result.Failed ? result : FileContent.Flush(directory);
            }

            if (result.Failed && result.Error is not (Errno.EBADF or Errno.ENOENT or Errno.EINVAL))
            {
                return $"cannot flush {SafeText.Escape(path)}: {LayerDirectory.Explain(result)}; the layer is kept, commit again";
            }
        }

        return null;
    }

    /// <summary>Attributes that a directory gets when everything beneath it is done.</summary>
    private sealed record DirectoryEnd(string Path, Change? Change, uint Mode);
}
