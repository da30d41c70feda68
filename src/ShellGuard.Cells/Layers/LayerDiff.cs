using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Compares a layer with the host's directory beneath it.</summary>
public sealed partial class LayerDiff
{
    private readonly Layer _layer;
    private readonly bool _times;
    private readonly CancellationToken _cancellation;
    private readonly List<Change> _changes = [];
    private readonly List<string> _settled = [];
    private readonly Dictionary<(ulong Device, ulong Inode), Change> _links = [];
    private readonly ContentComparison _content = new();

    private LayerDiff(Layer layer, bool times, CancellationToken cancellation)
    {
        _layer = layer;
        _times = times;
        _cancellation = cancellation;
    }

    /// <summary>Walks the layer by descriptors, following no link, and lists what differs, in the order of the paths.
    /// </summary>
    /// <param name="times">Also report files of which only the time of modification differs.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static LayerChanges Compute(
        Layer layer, bool times = false, CancellationToken cancellationToken = default)
    {
        LayerDiff diff = new(layer, times, cancellationToken);
        diff.Root();
        return new LayerChanges(diff._changes, diff._settled);
    }

    private void Root()
    {
        LinuxResult mine = Files.Status(_layer.Upper, out FileStatus upper);
        LinuxResult theirs = Files.Status(_layer.Target, out FileStatus target);
        if (mine.Failed || theirs.Failed)
        {
            Refused("", null, LayerDirectory.Explain(mine.Failed ? mine : theirs));
            return;
        }

        // The upper directory was made by the planner, who may not be allowed to give it the target's owner: so it is
        // compared with what it was.
        if (!IsUntouched(_layer.Planted(""), upper))
        {
            ChangeAspects aspects = ChangeAspects.None;
            aspects |= upper.Mode != target.Mode ? ChangeAspects.Mode : ChangeAspects.None;
            aspects |= upper.Owner != target.Owner || upper.Group != target.Group
                ? ChangeAspects.Owner
                : ChangeAspects.None;
            if (aspects != ChangeAspects.None)
            {
                Report(new Change
                {
                    Path = "",
                    Kind = ChangeKind.Modified,
                    Aspects = aspects,
                    Mine = upper,
                    Host = target,
                });
            }
        }

        Walk(_layer.Upper, _layer.Target, "", 0, isBeneathOpaque: false);
    }

    private void Walk(Descriptor upper, Descriptor? host, string path, int depth, bool isBeneathOpaque)
    {
        _cancellation.ThrowIfCancellationRequested();
        LinuxResult result = DirectoryEntries.List(upper, out List<string> names);
        if (result.Failed)
        {
            Refused(path, null, LayerDirectory.Explain(result));
            return;
        }

        bool hasMark = Attributes.Get(upper, "user.overlay.opaque", out byte[] opaque).Succeeded;
        // Only the topmost directory that replaces the host's is marked; the host shines through nowhere beneath it.
        bool isOpaque = isBeneathOpaque || (hasMark && opaque.AsSpan().SequenceEqual("y"u8));
        bool hasMarkedWhiteouts = hasMark && opaque.AsSpan().SequenceEqual("x"u8);
        if (isOpaque && host is not null)
        {
            names = Union(names, host, path);
        }

        foreach (string name in names)
        {
            string child = LayerPath.Join(path, name);
            result = Files.Status(upper, name, out FileStatus mine);
            if (result.Error == Errno.ENOENT)
            {
                // Only in the host's directory, which the layer's replaces.
                HostOnly(host, child, name);
            }
            else if (result.Failed)
            {
                Refused(child, null, LayerDirectory.Explain(result));
            }
            else
            {
                Entry(upper, host, child, mine, new Inherited(depth, isOpaque, hasMarkedWhiteouts));
            }
        }
    }

    private List<string> Union(List<string> names, Descriptor host, string path)
    {
        LinuxResult result = DirectoryEntries.List(host, out List<string> theirs);
        if (result.Failed)
        {
            Refused(path, null, $"what it deletes cannot be listed: {LayerDirectory.Explain(result)}");
            return names;
        }

        SortedSet<string> union = new(names, StringComparer.Ordinal);
        union.UnionWith(theirs);
        return [.. union];
    }

    private void HostOnly(Descriptor? host, string path, string name)
    {
        if (host is null || _layer.IsHidden(path))
        {
            return;
        }

        LinuxResult result = Files.Status(host, name, out FileStatus theirs);
        if (result.Succeeded)
        {
            Deleted(host, path, theirs);
        }
        else if (result.Error != Errno.ENOENT)
        {
            Refused(path, null, LayerDirectory.Explain(result));
        }
    }

    private void Entry(
        Descriptor upper, Descriptor? host, string path, in FileStatus mine, Inherited inherited)
    {
        string name = LayerPath.Name(path);
        FileStatus? theirs = null;
        if (host is not null)
        {
            LinuxResult result = Files.Status(host, name, out FileStatus found);
            if (result.Failed && result.Error != Errno.ENOENT)
            {
                Refused(path, mine, LayerDirectory.Explain(result));
                return;
            }

            theirs = result.Succeeded ? found : null;
        }

        PlantedEntry? planted = _layer.Planted(path);
        if (_layer.IsHidden(path))
        {
            bool isFilled = mine.IsDirectory ? !IsEmpty(upper, name) : mine is { IsRegular: true, Size: > 0 };
            if (isFilled || !IsUntouched(planted, mine))
            {
                Refused(path, mine, "the policy hides this path", theirs, isHidden: true);
            }

            return;
        }

        if (IsWhiteout(upper, name, mine, inherited.HasMarkedWhiteouts))
        {
            if (planted is not null && IsUntouched(planted, mine))
            {
                return;
            }

            if (theirs is { } gone)
            {
                Deleted(host!, path, gone);
            }
            else if (host is not null)
            {
                // Where the host has moved the whole directory away, the deletion waits for its return.
                _settled.Add(path);
            }

            return;
        }

        switch (mine.Type)
        {
            case FileType.DIR:
                Directory(upper, host, path, mine, theirs, planted, inherited);
                break;
            case FileType.REG:
                Regular(upper, host, path, mine, theirs);
                break;
            case FileType.LNK:
                SymbolicLink(upper, host, path, mine, theirs);
                break;
            case FileType.IFO:
                Settle(Compared(upper, host, path, mine, theirs, ChangeAspects.None));
                break;
            default:
                Refused(
                    path,
                    mine,
                    mine.Type == FileType.SOCK ? "sockets are not committed" : "device nodes are not committed",
                    theirs);
                break;
        }
    }

    private void Directory(
        Descriptor upper,
        Descriptor? host,
        string path,
        in FileStatus mine,
        in FileStatus? theirs,
        PlantedEntry? planted,
        Inherited inherited)
    {
        if (inherited.Depth == HostSurvey.MaximumDepth)
        {
            Refused(path, mine, $"deeper than {HostSurvey.MaximumDepth} directories");
            return;
        }

        // Before the mode is widened, which shows in access control lists.
        bool isPlaceholder = planted is not null && IsUntouched(planted, mine);
        Change? own = theirs is not { IsDirectory: true } || !isPlaceholder
            ? Compared(upper, host, path, mine, theirs, ChangeAspects.None)
            : null;
        LinuxResult result = ModeLoan.OpenDirectory(
            _layer, upper, path, mine, out Descriptor directory, out ModeLoan.Borrowed loan);
        using (loan)
        using (directory)
        {
            if (result.Failed)
            {
                Refused(path, mine, $"cannot be read in the layer: {LayerDirectory.Explain(result)}", theirs);
                return;
            }

            if (Attributes.Get(directory, "user.overlay.redirect", out _).Succeeded)
            {
                Refused(path, mine, "the layer redirects it, which this version does not read", theirs);
                return;
            }

            int before = _changes.Count;
            if (!isPlaceholder)
            {
                Settle(own);
            }

            Descriptor? beneath = Below(host, path, theirs, out string? refusal);
            using (beneath)
            {
                if (refusal is not null)
                {
                    Refused(path, mine, refusal, theirs);
                    return;
                }

                Walk(directory, beneath, path, inherited.Depth + 1, inherited.IsOpaque);
            }

            // A planted directory on the way to a hidden path counts only when the session put something into it.
            if (isPlaceholder && own is not null && _changes.Count > before)
            {
                _changes.Insert(before, own);
            }
        }
    }

    private static Descriptor? Below(Descriptor? host, string path, in FileStatus? theirs, out string? refusal)
    {
        refusal = null;
        if (host is null || theirs is not { IsDirectory: true })
        {
            return null;
        }

        LinuxResult result = LayerDirectory.OpenChild(host, LayerPath.Name(path), out Descriptor directory);
        refusal = result.Failed ? LayerDirectory.Explain(result) : null;
        return directory;
    }

    private static bool IsWhiteout(Descriptor upper, string name, in FileStatus mine, bool hasMarkedWhiteouts)
    {
        if (mine is { Type: FileType.CHR, Represents: 0 })
        {
            return true;
        }

        if (!hasMarkedWhiteouts || mine is not { IsRegular: true, Size: 0 })
        {
            return false;
        }

        LinuxResult result = Files.Open(
            upper, name, LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor file);
        using (file)
        {
            return result.Succeeded && Attributes.Get(file, "user.overlay.whiteout", out _).Succeeded;
        }
    }

    /// <summary>What an entry takes over from the directory that it is in.</summary>
    private readonly record struct Inherited(int Depth, bool IsOpaque, bool HasMarkedWhiteouts);

    private static bool IsUntouched(PlantedEntry? planted, in FileStatus mine) =>
        planted is not null
        && planted.Type == mine.Type
        && planted.Mode == mine.Mode
        && planted.Owner == mine.Owner
        && planted.Group == mine.Group;

    private static bool IsEmpty(Descriptor parent, string name)
    {
        LinuxResult result = Files.Open(
            parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out Descriptor directory);
        using (directory)
        {
            return result.Succeeded
                && DirectoryEntries.List(directory, out List<string> names).Succeeded
                && names.Count == 0;
        }
    }
}
