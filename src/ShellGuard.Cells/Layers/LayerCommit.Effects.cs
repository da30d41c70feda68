using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>The effect of one change.</summary>
public sealed partial class LayerCommit
{
    private const uint OwnerAll = 0x1C0;

    private void Effect(Change change, bool isDecided)
    {
        string path = change.Path;
        if (path.Length == 0)
        {
            _ends.Add(new DirectoryEnd(path, change, change.Mine!.Value.Mode));
            LinuxResult touch = _layer.Log.Touch(change.Host!.Value);
            Report(change, touch.Failed ? LayerDirectory.Explain(touch) : null);
            return;
        }

        LinuxResult result = OpenParent(LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            if (result.Failed)
            {
                Fail(change, CommitOutcome.Refused, LayerDirectory.Explain(result));
                return;
            }

            Step($"check {path}");
            result = Files.Status(parent, LayerPath.Name(path), out FileStatus host);
            if (result.Failed && result.Error != Errno.ENOENT)
            {
                Fail(change, CommitOutcome.Refused, LayerDirectory.Explain(result));
                return;
            }

            FileStatus? now = result.Succeeded ? host : null;
            if (!IsAsCompared(change, now))
            {
                Change again = change with
                {
                    Conflict = "the host changed it after the comparison",
                    Host = now ?? change.Host,
                };
                if (!IsDecided(again))
                {
                    return;
                }

                isDecided = true;
            }

            string? refusal = change.Kind == ChangeKind.Deleted
                ? now is { } gone ? Displace(parent, path, gone, isDecided) : null
                : Make(change, parent, now, isDecided);
            Report(change, refusal);
        }
    }

    private void Report(Change change, string? refusal)
    {
        if (refusal is null)
        {
            Done(change, CommitOutcome.Committed, change.Note);
        }
        else
        {
            bool isConflict = refusal.StartsWith(Overtaken, StringComparison.Ordinal);
            Fail(change, isConflict ? CommitOutcome.Conflict : CommitOutcome.Refused, refusal);
        }
    }

    private const string Overtaken = "the host changed it during the commit";

    private bool IsAsCompared(Change change, in FileStatus? now)
    {
        if (now is not { } found)
        {
            return true;
        }

        return change.Host is { } compared
            && compared.IsSameInode(found)
            && compared.Type == found.Type
            && (found.IsDirectory || compared.Changed == found.Changed || _layer.Log.IsOurs(found));
    }

    /// <summary>Opens the directory that gets an entry, and sees to it that this process may write there when it is
    /// the directory's owner.</summary>
    private LinuxResult OpenParent(string path, out Descriptor directory)
    {
        LinuxResult result = LayerDirectory.Open(_layer.Target, path, out directory);
        FileStatus status = default;
        result = result.Failed ? result : Files.Status(directory, out status);
        result = result.Failed ? result : _layer.Log.Touch(status);
        if (result.Failed)
        {
            return result;
        }

        _touched.Add(path);
        uint user = FileMetadata.EffectiveUser;
        if (user == 0 || status.Owner != user || (status.Mode & OwnerAll) == OwnerAll)
        {
            return result;
        }

        if (!_ends.Exists(end => end.Path == path))
        {
            _ends.Add(new DirectoryEnd(path, null, status.Mode));
        }

        result = _layer.Log.Touch(status with { Mode = status.Mode | OwnerAll });
        Step($"open up {path}");
        result = result.Failed ? result : FileMetadata.SetMode(directory, status.Mode | OwnerAll);
        directory.Dispose();
        return result.Failed ? result : LayerDirectory.Open(_layer.Target, path, out directory);
    }

    private string? Make(Change change, Descriptor parent, in FileStatus? host, bool isDecided)
    {
        string path = change.Path;
        FileStatus mine = change.Mine!.Value;
        LinuxResult result = LayerDirectory.Open(_layer.Upper, LayerPath.Parent(path), out Descriptor upper);
        using (upper)
        {
            if (result.Failed)
            {
                return $"cannot be read in the layer: {LayerDirectory.Explain(result)}";
            }

            if (mine.IsDirectory)
            {
                return MakeDirectory(change, parent, host, isDecided);
            }

            bool inPlace = change is { Kind: ChangeKind.Modified, HardLinkTo: null }
                && mine.Type is FileType.REG or FileType.IFO
                && (change.Aspects & (ChangeAspects.Content | ChangeAspects.Links | ChangeAspects.Times)) == ChangeAspects.None
                && host is { Links: 1 };
            return inPlace && host is { } there
                ? SetInPlace(change, upper, parent, there)
                : MakeFile(change, upper, parent, host, isDecided);
        }
    }

    private string? MakeDirectory(Change change, Descriptor parent, in FileStatus? host, bool isDecided)
    {
        string path = change.Path;
        if (host is { IsDirectory: false } inTheWay && Displace(parent, path, inTheWay, isDecided) is { } refusal)
        {
            return refusal;
        }

        _ends.Add(new DirectoryEnd(path, change, change.Mine!.Value.Mode));
        if (host is { IsDirectory: true } there)
        {
            LinuxResult touch = _layer.Log.Touch(there);
            return touch.Failed ? LayerDirectory.Explain(touch) : null;
        }

        // Made under the temporary name, so that its inode is known to the log before it is in place: after a crash
        // its unfinished mode is not taken for the host's change.
        LinuxResult result = Announce(path, 0, 0);
        Step($"make directory for {path}");
        result = result.Failed ? result : Files.MakeDirectory(parent, _temporary, OwnerAll);
        FileStatus made = default;
        result = result.Failed ? result : Files.Status(parent, _temporary, out made);
        result = result.Failed ? result : _layer.Log.Touch(made);
        result = result.Failed ? result : Announce(path, 0, made.Inode);
        Step($"place directory {path}");
        result = result.Failed ? result : PlaceNew(parent, LayerPath.Name(path));
        if (result.Failed)
        {
            Files.RemoveDirectory(parent, _temporary);
        }

        return result.Error == Errno.EEXIST ? Overtaken : result.Failed ? LayerDirectory.Explain(result) : null;
    }

    private string? MakeFile(
        Change change, Descriptor upper, Descriptor parent, in FileStatus? host, bool isDecided)
    {
        string path = change.Path;
        LinuxResult result = Announce(path, host?.Inode ?? 0, 0);
        if (result.Failed)
        {
            return LayerDirectory.Explain(result);
        }

        result = MakeTemporary(change, upper, parent, out string? refusal);
        FileStatus made = default;
        result = result.Failed ? result : Files.Status(parent, _temporary, out made);
        if (result.Succeeded && host is { } same && same.IsSameInode(made))
        {
            // Already another name of the right file; rename(2) of one inode over itself does nothing.
            _published[path] = made;
            return RemoveTemporary(parent);
        }

        result = result.Failed ? result : Announce(path, host?.Inode ?? 0, made.Inode);
        if (result.Failed)
        {
            _ = RemoveTemporary(parent);
            return refusal ?? LayerDirectory.Explain(result);
        }

        refusal = host is { } old
            ? Exchange(parent, path, old, made, isDecided)
            : Place(parent, path, made);
        if (refusal is null)
        {
            _published[path] = made;
        }

        return refusal;
    }

    private string? Place(Descriptor parent, string path, in FileStatus made)
    {
        Step($"place {path}");
        LinuxResult result = PlaceNew(parent, LayerPath.Name(path));
        if (result.Failed)
        {
            _ = RemoveTemporary(parent);
            return result.Error == Errno.EEXIST ? Overtaken : LayerDirectory.Explain(result);
        }

        return IsInPlace(parent, path, made) ? null : Overtaken;
    }

    private LinuxResult PlaceNew(Descriptor parent, string name)
    {
        LinuxResult result = Files.Rename(parent, _temporary, parent, name, RenameFlags.NOREPLACE);
        if (result.Error != Errno.EINVAL)
        {
            return result;
        }

        // The file system has no RENAME_NOREPLACE, rename(2): look and rename, with a window of microseconds.
        LinuxResult look = Files.Status(parent, name, out _);
        return look.Error == Errno.ENOENT
            ? Files.Rename(parent, _temporary, parent, name, RenameFlags.None)
            : look with { Error = look.Succeeded ? Errno.EEXIST : look.Error };
    }

    /// <summary>Swaps the new file with the host's and looks at what came out: when that is not what was approved, both
    /// go back.</summary>
    private string? Exchange(Descriptor parent, string path, in FileStatus host, in FileStatus made, bool isDecided)
    {
        string name = LayerPath.Name(path);
        LinuxResult touch = host.IsDirectory ? default : _layer.Log.Touch(host);
        Step($"exchange {path}");
        LinuxResult result = touch.Failed
            ? touch
            : Files.Rename(parent, _temporary, parent, name, RenameFlags.EXCHANGE);
        if (result.Error == Errno.ENOENT)
        {
            return Place(parent, path, made);
        }

        if (result.Error == Errno.EINVAL && !host.IsDirectory)
        {
            // The file system has no RENAME_EXCHANGE: replaced unseen, checked a moment ago.
            result = Files.Rename(parent, _temporary, parent, name, RenameFlags.None);
            return result.Failed ? LayerDirectory.Explain(result) : null;
        }

        if (result.Failed)
        {
            _ = RemoveTemporary(parent);
            return LayerDirectory.Explain(result);
        }

        string? refusal = IsInPlace(parent, path, made) ? null : Overtaken;
        refusal ??= Approve(parent, path, host, isDecided);
        if (refusal is not null)
        {
            Step($"exchange back {path}");
            result = Files.Rename(parent, _temporary, parent, name, RenameFlags.EXCHANGE);
            _ = result.Failed ? null : RemoveTemporary(parent);
            return refusal;
        }

        Step($"remove what {path} replaced");
        return RemoveTemporary(parent);
    }

    /// <summary>Moves the host's entry aside, looks whether it is what was approved, and removes it.</summary>
    private string? Displace(Descriptor parent, string path, in FileStatus host, bool isDecided)
    {
        string name = LayerPath.Name(path);
        LinuxResult result = Announce(path, host.Inode, host.Inode);
        result = result.Failed || host.IsDirectory ? result : _layer.Log.Touch(host);
        Step($"move aside {path}");
        result = result.Failed
            ? result
            : Files.Rename(parent, name, parent, _temporary, RenameFlags.NOREPLACE);
        if (result.Error == Errno.EINVAL)
        {
            result = Files.Rename(parent, name, parent, _temporary, RenameFlags.None);
        }

        if (result.Failed)
        {
            return result.Error == Errno.ENOENT ? null : LayerDirectory.Explain(result);
        }

        if (Approve(parent, path, host, isDecided) is { } refusal)
        {
            Step($"move back {path}");
            result = Files.Rename(parent, _temporary, parent, name, RenameFlags.NOREPLACE);
            return result.Error == Errno.EINVAL
                ? Files.Rename(parent, _temporary, parent, name, RenameFlags.None) is { Failed: true } worse
                    ? LayerDirectory.Explain(worse)
                    : refusal
                : refusal;
        }

        Step($"remove {path}");
        return RemoveTemporary(parent);
    }

    /// <summary>Whether what now has the temporary name is the host's entry that the comparison saw.</summary>
    private string? Approve(Descriptor parent, string path, in FileStatus host, bool isDecided)
    {
        LinuxResult result = Files.Status(parent, _temporary, out FileStatus aside);
        if (result.Failed)
        {
            return LayerDirectory.Explain(result);
        }

        // The renaming itself has changed the time of change; a write changes the time of modification as well.
        if (!aside.IsSameInode(host) || (!aside.IsDirectory && (aside.Modified != host.Modified || aside.Size != host.Size)))
        {
            return Overtaken;
        }

        if (aside.IsDirectory)
        {
            HostSurvey survey = new(_layer);
            survey.Look(parent, path, _temporary, ignoreTop: true);
            return survey.Refusal ?? (survey.Changed is not null && !isDecided ? Overtaken : null);
        }

        return null;
    }

    private static bool IsInPlace(Descriptor parent, string path, in FileStatus made) =>
        Files.Status(parent, LayerPath.Name(path), out FileStatus placed).Succeeded && placed.IsSameInode(made);

    private LinuxResult Announce(string path, ulong host, ulong mine) =>
        _layer.Log.Temporary(new CommitLog.TemporaryName(LayerPath.Parent(path), _temporary, host, mine));

    private string? RemoveTemporary(Descriptor parent)
    {
        LinuxResult result = TreeRemoval.Remove(parent, _temporary);
        return result.Failed
            ? $"committed, but {_temporary} beside it could not be removed: {LayerDirectory.Explain(result)}"
            : null;
    }
}
