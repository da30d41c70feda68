using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>The comparison of one entry.</summary>
public sealed partial class LayerDiff
{
    private void Deleted(Descriptor host, string path, in FileStatus theirs)
    {
        HostSurvey survey = new(_layer);
        survey.Look(host, path, LayerPath.Name(path));
        Report(new Change
        {
            Path = path,
            Kind = ChangeKind.Deleted,
            Host = theirs,
            Entries = survey.Entries,
            Refusal = survey.Refusal,
            Conflict = survey.Changed is { } changed ? ChangedSince(changed) : null,
        });
    }

    private void Regular(
        Descriptor upper, Descriptor? host, string path, in FileStatus mine, in FileStatus? theirs)
    {
        ChangeAspects aspects = ChangeAspects.None;
        string? refusal = null;
        if (theirs is { IsRegular: true } other)
        {
            aspects |= Content(upper, host!, path, mine, other, out refusal);
            aspects |= _times && mine.Modified != other.Modified ? ChangeAspects.Times : ChangeAspects.None;
        }

        Change? change = Compared(upper, host, path, mine, theirs, aspects);
        if (refusal is not null)
        {
            Refused(path, mine, refusal, theirs);
            return;
        }

        if (mine.Links > 1)
        {
            change = Linked(change, path, mine, theirs);
        }

        Settle(change);
    }

    private ChangeAspects Content(
        Descriptor upper,
        Descriptor host,
        string path,
        in FileStatus mine,
        in FileStatus theirs,
        out string? refusal)
    {
        refusal = null;
        string name = LayerPath.Name(path);
        if (mine.Size != theirs.Size)
        {
            return ChangeAspects.Content;
        }

        if (mine.Size == 0)
        {
            return ChangeAspects.None;
        }

        LinuxResult result = ModeLoan.OpenFile(_layer, upper, path, out Descriptor left);
        using (left)
        {
            if (result.Failed)
            {
                refusal = $"cannot be read in the layer: {LayerDirectory.Explain(result)}";
                return ChangeAspects.Content;
            }

            // A copy without content of its own belongs to a mount with metacopy, which ours never has.
            if (Attributes.Get(left, "user.overlay.metacopy", out _).Succeeded)
            {
                refusal = "the layer holds only its attributes, which this version does not read";
                return ChangeAspects.Content;
            }

            result = Files.Open(
                host,
                name,
                OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK,
                LayerDirectory.Beneath,
                out Descriptor right);
            using (right)
            {
                // What cannot be read cannot be told from changed.
                return result.Succeeded
                    && _content.Compare(left, right, mine.Size, out bool equal).Succeeded
                    && equal
                        ? ChangeAspects.None
                        : ChangeAspects.Content;
            }
        }
    }

    private void SymbolicLink(
        Descriptor upper, Descriptor? host, string path, in FileStatus mine, in FileStatus? theirs)
    {
        string name = LayerPath.Name(path);
        LinuxResult result = Files.ReadLink(upper, name, out string target);
        if (result.Failed)
        {
            Refused(path, mine, LayerDirectory.Explain(result), theirs);
            return;
        }

        string? hostTarget = null;
        if (theirs is { IsSymbolicLink: true })
        {
            result = Files.ReadLink(host!, name, out hostTarget);
            hostTarget = result.Failed ? null : hostTarget;
        }

        ChangeAspects aspects = theirs is { IsSymbolicLink: true } && hostTarget != target
            ? ChangeAspects.Target
            : ChangeAspects.None;
        Change? change = Compared(upper, host, path, mine, theirs, aspects);
        Settle(change is null ? null : change with { Target = target, HostTarget = hostTarget });
        if (change is null)
        {
            _settled.Add(path);
        }
    }

    /// <summary>What the entry changes, or null. Adds the attributes to the given aspects.</summary>
    private Change? Compared(
        Descriptor upper,
        Descriptor? host,
        string path,
        in FileStatus mine,
        in FileStatus? theirs,
        ChangeAspects aspects)
    {
        string? note = null;
        if (!mine.IsDirectory && (mine.Mode & (ModeBits.UID | ModeBits.GID)) != 0 && mine.IsRegular)
        {
            note = "setuid and setgid bits are left out";
        }

        if (theirs is not { } other)
        {
            return new Change { Path = path, Kind = ChangeKind.Added, Mine = mine, Note = note };
        }

        if (mine.Type != other.Type)
        {
            HostSurvey survey = new(_layer);
            survey.Look(host!, path, LayerPath.Name(path));
            return new Change
            {
                Path = path,
                Kind = ChangeKind.Replaced,
                Mine = mine,
                Host = other,
                Entries = survey.Entries,
                Refusal = survey.Refusal,
                Conflict = survey.Changed is { } changed ? ChangedSince(changed) : null,
                Note = note,
            };
        }

        if (!mine.IsSymbolicLink)
        {
            aspects |= mine.Mode != other.Mode ? ChangeAspects.Mode : ChangeAspects.None;
            aspects |= AttributesDiffer(upper, host!, path) ? ChangeAspects.Attributes : ChangeAspects.None;
        }

        aspects |= mine.Owner != other.Owner || mine.Group != other.Group ? ChangeAspects.Owner : ChangeAspects.None;
        if (aspects == ChangeAspects.None)
        {
            if (!mine.IsSymbolicLink)
            {
                _settled.Add(path);
            }

            return null;
        }

        return new Change
        {
            Path = path,
            Kind = ChangeKind.Modified,
            Aspects = aspects,
            Mine = mine,
            Host = other,
            Conflict = _layer.IsChangedByHost(other) ? ChangedSince(path) : null,
            Note = note,
        };
    }

    private bool AttributesDiffer(Descriptor upper, Descriptor host, string path)
    {
        LinuxResult mine = ModeLoan.ReadAttributes(
            _layer, upper, path, out List<KeyValuePair<string, byte[]>> attributes);
        LinuxResult theirs = Files.Open(
            host, LayerPath.Name(path), LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor file);
        using (file)
        {
            // The host's attributes need the right to read its content. Without it what the layer has counts.
            return theirs.Succeeded
                && PortableAttributes.Read(file, out List<KeyValuePair<string, byte[]>> other).Succeeded
                ? mine.Succeeded && !PortableAttributes.AreEqual(attributes, other)
                : attributes.Count > 0;
        }
    }

    /// <summary>Recognises further names of one file. The first name in the order of the paths stands for it.</summary>
    private Change? Linked(Change? change, string path, in FileStatus mine, in FileStatus? theirs)
    {
        (ulong, ulong) key = (mine.Device, mine.Inode);
        if (!_links.TryGetValue(key, out Change? first))
        {
            _links[key] = change ?? new Change
            {
                Path = path,
                Kind = ChangeKind.Modified,
                Mine = mine,
                Host = theirs,
            };
            return change;
        }

        if (change is not null)
        {
            return change with { HardLinkTo = first.Path };
        }

        // Equal to the host's, which keeps the two names together as well: nothing to do.
        if (theirs is { } other && first.Host is { } leader && other.IsSameInode(leader))
        {
            return null;
        }

        // It was found equal a moment ago.
        if (_settled.Count > 0 && _settled[^1] == path)
        {
            _settled.RemoveAt(_settled.Count - 1);
        }

        return new Change
        {
            Path = path,
            Kind = ChangeKind.Modified,
            Aspects = ChangeAspects.Links,
            Mine = mine,
            Host = theirs,
            HardLinkTo = first.Path,
            Conflict = theirs is { } host && _layer.IsChangedByHost(host) ? ChangedSince(path) : null,
        };
    }

    private void Settle(Change? change)
    {
        if (change is not null)
        {
            Report(change);
        }
    }

    private void Report(Change change) => _changes.Add(change);

    private void Refused(
        string path, in FileStatus? mine, string why, in FileStatus? theirs = null, bool isHidden = false) =>
        Report(new Change
        {
            Path = path,
            Kind = theirs is null ? ChangeKind.Added : ChangeKind.Modified,
            Mine = mine,
            Host = theirs,
            Refusal = why,
            IsHidden = isHidden,
        });

    private static string ChangedSince(string path) =>
        $"the host changed {(path.Length == 0 ? "the directory" : SafeText.Escape(path))} since the session started";
}
