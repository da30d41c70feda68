using ShellGuard.Cells.View;
using ShellGuard.Linux.Abi;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

public sealed partial class ViewPlanner
{
    private void Hide(PathRule rule, Area area, List<PathRule> all, string because)
    {
        _protected.Add(new ProtectedPath(rule.Path, IsHidden: true, rule.Source));
        bool hasExceptions = all.Exists(other => other.Mode != PathMode.Hidden
            && Paths.IsBeneath(other.Path, rule.Path) && _host.KindOf(other.Path) != HostFileKind.Missing);
        HostFileKind kind = _host.KindOf(rule.Path);
        if (kind == HostFileKind.File && _host.NamesOf(rule.Path) is > 1 and var names
            && _host.NamesAmong(rule.Path, all.Where(other => other.Mode == PathMode.Hidden).Select(other => other.Path)) < names)
        {
            _notHeld.Add($"{rule.Path} has {names} names (hard links), and is seen under those that are not hidden ({rule.Source.Position})");
        }

        if (hasExceptions)
        {
            Cover(rule.Path, because);
            return;
        }

        if (area.Kind is AreaKind.EmptyBase)
        {
            return;
        }

        if (area.Plantable is not null)
        {
            Whiteout(area, rule.Path);
            return;
        }

        if (area.Kind is AreaKind.Direct)
        {
            HideBeneathDirect(rule, kind, because);
            return;
        }

        if (kind == HostFileKind.Directory)
        {
            Cover(rule.Path, because);
            return;
        }

        string parent = NearestDirectory(Paths.Parent(rule.Path));
        if (parent == area.HostPath && parent == "/")
        {
            _notes.Add($"{because}: {rule.Path} does not exist; if root creates it while the session runs, it is seen");
            return;
        }

        // A mask inside the directory that it is laid over is refused by overlayfs, and so is a directory with mounts.
        string? mount = !_withOverlays ? "no overlayfs" : Paths.IsAtOrBeneath(_storage, parent)
            ? _storage
            : _host.MountPoints.FirstOrDefault(point => Paths.IsBeneath(point, parent));
        if (mount is not null)
        {
            if (kind == HostFileKind.Missing)
            {
                _notes.Add($"{because}: {rule.Path} does not exist and cannot be masked because "
                    + (_withOverlays ? $"{mount} lies in {parent}" : "there is no overlayfs for the cell")
                    + "; if it is created while the session runs, it is seen");
                return;
            }

            _entries.Add(new ViewEntry.HostBind("/dev/null", rule.Path, ReadOnly: true, Device: true, because));
            _notes.Add($"{because}: {rule.Path} is covered; if the host renames another file over it while the "
                + "session runs, that one is seen");
            return;
        }

        Whiteout(AddMask(parent, because), rule.Path);
    }

    /// <summary>An empty directory over the host's, with room for what more specific rules show.</summary>
    private void Cover(string path, string because)
    {
        if (_host.KindOf(path) != HostFileKind.Directory)
        {
            throw new PlanException($"{because}: {path} is not a directory, so nothing beneath it can be shown");
        }

        _entries.Add(new ViewEntry.Private(path, 0x1ed, 1 << 20, MountFlags.None, because));
        _areas.Add(new Area(path, AreaKind.Cover, null, path));
    }

    /// <summary>Beneath a direct path the cell could rename a parent of what is protected and make another one in its
    /// place: a mount goes with its directory, not with its name. A mount point cannot be renamed, rename(2) EBUSY, so
    /// each directory on the way becomes one.</summary>
    private void PinParents(string path, string because)
    {
        Area area = AreaOf(path);
        if (area.Kind is not AreaKind.Direct)
        {
            return;
        }

        int slash = area.Path.Length;
        while ((slash = path.IndexOf('/', slash + 1)) > 0)
        {
            string parent = path[..slash];
            if (_host.KindOf(parent) != HostFileKind.Directory)
            {
                break;
            }

            Place(new ViewEntry.HostBind(parent, parent, ReadOnly: false, Device: false, because));
            _areas.Add(new Area(parent, AreaKind.Direct, null, parent));
        }
    }

    private void HideBeneathDirect(PathRule rule, HostFileKind kind, string because)
    {
        string path = rule.Path;
        PinParents(path, because);
        switch (kind)
        {
            case HostFileKind.Directory:
                Cover(path, because);
                break;
            case HostFileKind.Missing when OwnFiles.MayBeMissing(rule):
                _notes.Add($"{because}: {path} does not exist and is made first, unless the caller may not");
                break;
            case HostFileKind.Missing when MayBeMissing(rule):
                break;
            case HostFileKind.Missing:
                throw new PlanException($"{because}: {path} does not exist and lies beneath a direct path, where the "
                    + "cell could create it; create it first, or make the directory copy-on-write");
            default:
                _entries.Add(new ViewEntry.HostBind("/dev/null", path, ReadOnly: true, Device: true, because));
                break;
        }
    }

    /// <summary>Hides a name by the first of its components that does not exist, or by itself.</summary>
    private void Whiteout(Area area, string path)
    {
        string name = path;
        for (string parent = Paths.Parent(path); Paths.IsBeneath(parent, area.Path); parent = Paths.Parent(parent))
        {
            if (_host.KindOf(parent) != HostFileKind.Directory)
            {
                name = parent;
            }
        }

        // What is gone with its directory needs none of its own.
        for (string gone = name; Paths.IsBeneath(gone, area.Path); gone = Paths.Parent(gone))
        {
            if (_gone.Contains((area.Plantable!, gone)))
            {
                return;
            }
        }

        _gone.Add((area.Plantable!, name));
        _plants.Add(new Plant(area.Plantable!, area.HostPath, Paths.Below(name, area.Path), PlantKind.Whiteout));
    }

    private Area AddMask(string directory, string because)
    {
        string mask = $"{_storage}/masks/{_areas.Count}";
        Place(new ViewEntry.Overlay(directory, directory, mask, null, because));
        Area area = new(directory, AreaKind.Masked, mask, directory);
        _areas.Add(area);
        return area;
    }

    /// <summary>Each lower directory costs a lookup.</summary>
    private void LeaveOutEmptyMasks()
    {
        HashSet<string> used = [.. _plants.Select(plant => plant.Root)];
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i] is ViewEntry.Overlay { Layer: not null, Mask: { } mask } overlay && !used.Contains(mask))
            {
                _entries[i] = overlay with { Mask = null };
            }
        }
    }

    private string NearestDirectory(string path)
    {
        while (_host.KindOf(path) != HostFileKind.Directory)
        {
            path = Paths.Parent(path);
        }

        return path;
    }

    /// <summary>What the person in the cell could otherwise write into an empty cover would look like the host's.</summary>
    private void SealCovers()
    {
        foreach (Area area in _areas)
        {
            if (area.Kind is AreaKind.Cover)
            {
                _entries.Add(new ViewEntry.Seal(area.Path, "an empty directory hides the host's"));
            }
        }
    }
}
