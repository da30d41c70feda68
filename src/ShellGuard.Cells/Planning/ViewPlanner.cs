using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>Lowers path rules to mounts. Pure: what it knows about the host it is told.</summary>
/// <remarks>Rules are taken from the shallowest to the deepest, so that a mount always finds its mount point; what turns
/// out later to be needed above others is put before them (<see cref="Place"/>). A name
/// is hidden by a white-out in an overlay wherever one lies over it: a mount over the name itself would be undone when
/// the host renames another file over it (the kernel then detaches the mount in every other namespace,
/// rename(2) and d_invalidate), and could not cover a name that does not exist yet.</remarks>
public sealed partial class ViewPlanner
{
    private const long PrivateBytes = 4L << 30;

    private readonly IHostFiles _host;
    private readonly string _storage;

    /// <summary>The directory with all sessions: a cell sees none of them.</summary>
    private readonly string _storageRoot;
    private readonly List<ViewEntry> _entries = [];
    private readonly List<Plant> _plants = [];

    /// <summary>The names that white-outs hide, with the directory that these are in.</summary>
    private readonly HashSet<(string Root, string Path)> _gone = [];
    private readonly List<LayerPlan> _layers = [];
    private readonly List<WritablePath> _writable = [];
    private readonly List<ProtectedPath> _protected = [];
    private readonly List<string> _notes = [];
    private readonly List<string> _notHeld = [];
    private readonly List<Area> _areas = [];
    private readonly bool _hostBase;
    private readonly bool _withOverlays;
    private readonly LabelView? _labels;
    private readonly bool _apart;
    private readonly List<LayerPlan> _kept = [];
    private readonly IReadOnlyList<PathRule> _rules;

    private ViewPlanner(
        IReadOnlyList<PathRule> rules, IHostFiles host, string storage, bool withOverlays, LabelView? labels, bool apart)
    {
        _apart = apart;
        _labels = labels;
        _withOverlays = withOverlays;
        _host = host;
        _storage = labels is { Key.Length: > 0 } ? $"{storage}/cells/{labels.Key}" : storage;
        _storageRoot = Paths.Parent(Paths.Parent(storage));
        rules = WithoutRootLayer(rules);
        _rules = rules;
        PathRule? root = rules.LastOrDefault(rule => rule.Path == "/" && !rule.IsGlob);
        _hostBase = root?.Mode is PathMode.ReadOnly;
        RuleSource nothing = new("built-in", 0, 0, "what is not granted is not there");
        _protected.Add(new ProtectedPath("/", IsHidden: !_hostBase, root?.Source ?? nothing));
    }

    /// <param name="rules">The policy's path rules.</param>
    /// <param name="host">The host's files.</param>
    /// <param name="storage">The session's directory.</param>
    /// <param name="etc">Files that stand in for the host's in /etc: name and content.</param>
    /// <param name="withOverlays">Where there are none, copy-on-write directories are read-only and hidden names are
    /// covered where they exist.</param>
    /// <param name="labels">For a cell with a label.</param>
    /// <param name="apart">Whether a wall separates it from other cells: it then sees no counters of the machine that run.
    /// </param>
    /// <exception cref="PlanException">A rule cannot be held on this host.</exception>
    public static ViewPlan Plan(
        IReadOnlyList<PathRule> rules,
        IHostFiles host,
        string storage,
        IReadOnlyDictionary<string, string> etc,
        bool withOverlays = true,
        LabelView? labels = null,
        bool apart = false)
    {
        ViewPlanner planner = new(rules, host, storage, withOverlays, labels, apart);
        List<PathRule> resolved = planner.Resolve(planner._rules);
        planner.AddBase();
        bool ownEtc = !planner._hostBase || planner.TryAddEtc(resolved, etc);
        planner.AddPrivate(resolved);
        if (!ownEtc)
        {
            planner.CoverEtc(resolved, etc);
        }

        foreach (PathRule rule in resolved)
        {
            planner.AddRule(rule, resolved);
        }

        planner.AddProc(resolved);
        planner.SealCovers();
        planner.LeaveOutEmptyMasks();
        return new ViewPlan(
            planner._entries, planner._plants, planner._layers, planner._writable, planner._protected, planner._notes)
        {
            NotHeld = planner._notHeld,
            Kept = planner._kept,
        };
    }

    /// <summary>What lies at the deepest mount so far that contains the path.</summary>
    private Area AreaOf(string path)
    {
        Area best = _areas[0];
        foreach (Area area in _areas)
        {
            if (Paths.IsAtOrBeneath(path, area.Path) && area.Path.Length >= best.Path.Length)
            {
                best = area;
            }
        }

        return best;
    }

    private void AddRule(PathRule rule, List<PathRule> all)
    {
        Area area = AreaOf(rule.Path);
        if (area.Path == rule.Path && area.Kind is AreaKind.Private)
        {
            return;
        }

        string because = rule.Source.ToString();
        if (rule is { Mode: PathMode.ReadOnly, Source.IsFlag: true } && _host.KindOf(rule.Path) == HostFileKind.Missing)
        {
            // A policy names what some hosts have; who types a path means one that is there.
            throw new PlanException($"{because}: {rule.Path} does not exist on this host; create it or leave the rule out");
        }

        switch (rule.Mode)
        {
            case PathMode.CopyOnWrite when area.Kind is not AreaKind.Layer:
                AddLayer(rule, because);
                break;
            case PathMode.Direct when area.Kind is not AreaKind.Direct:
                AddBind(rule, readOnly: false, because);
                break;
            case PathMode.ReadOnly when rule.Path != "/" && area.Kind is not (AreaKind.Base or AreaKind.ReadOnly):
                AddBind(rule, readOnly: true, because);
                break;
            case PathMode.Hidden when area.Kind is not (AreaKind.Cover or AreaKind.Private):
                Hide(rule, area, all, because);
                break;
            default:
                break;
        }
    }

    /// <summary>A policy's "." can be /; that is then read-only like the rest. Asked for by name it is refused.</summary>
    private List<PathRule> WithoutRootLayer(IReadOnlyList<PathRule> rules)
    {
        List<PathRule> kept = [];
        foreach (PathRule rule in rules)
        {
            if (rule is { Path: "/", Mode: PathMode.Direct })
            {
                throw new PlanException($"{rule.Source}: / cannot be direct as a whole; name the directories to change, "
                    + "such as --direct /etc");
            }

            if (rule is not { Path: "/", Mode: PathMode.CopyOnWrite })
            {
                kept.Add(rule);
                continue;
            }

            if (!rule.IsWorkingDirectory)
            {
                throw new PlanException($"{rule.Source}: / cannot be copy-on-write as a whole; name the directories to "
                    + "change, such as --cow /usr");
            }

            _notes.Add($"{rule.Source}: the working directory is /, which stays read-only");
        }

        return kept;
    }

    private void AddLayer(PathRule rule, string because)
    {
        if (!_withOverlays)
        {
            _notes.Add($"{because}: {rule.Path} is read-only, because there is no overlayfs for the cell");
            ShowReadOnly(rule, because);
            return;
        }

        HostFileKind kind = _host.KindOf(rule.Path);
        if (kind == HostFileKind.Missing && MayBeMissing(rule))
        {
            return;
        }

        if (kind != HostFileKind.Directory)
        {
            throw new PlanException(kind == HostFileKind.Missing
                ? $"{because}: {rule.Path} does not exist on this host; create it or leave the rule out"
                : $"{because}: {rule.Path} is not a directory; name the directory that holds it");
        }

        if (IsHeldUpByMount(rule, because))
        {
            return;
        }

        MakeMountPoint(rule.Path, directory: true, because);
        LayerPlan layer = new(rule.Path, $"{_storage}/layers/{_layers.Count}");
        _layers.Add(layer);
        bool holdsStorage = Paths.IsBeneath(_storageRoot, rule.Path);
        if (holdsStorage)
        {
            Place(new ViewEntry.WithoutStorage(rule.Path, Paths.Below(_storageRoot, rule.Path), because));
        }

        // Not into the upper directory: a name that is made over a white-out there and removed again leaves none, and
        // what the host then creates would be seen. What lies below the upper directory, the cell cannot remove.
        string mask = $"{_storage}/masks/{_areas.Count}";
        Place(new ViewEntry.Overlay(rule.Path, rule.Path, mask, layer, because)
        {
            OverView = holdsStorage,
            Below = _labels?.UppersOf(rule.Path) ?? [],
        });
        _writable.Add(new WritablePath(rule.Path, IsDirectory: true));
        _areas.Add(new Area(rule.Path, AreaKind.Layer, mask, rule.Path));
    }

    private void ShowReadOnly(PathRule rule, string because)
    {
        if (AreaOf(rule.Path).Kind is not (AreaKind.Base or AreaKind.ReadOnly))
        {
            AddBind(rule, readOnly: true, because);
        }
    }

    private void AddBind(PathRule rule, bool readOnly, string because)
    {
        HostFileKind kind = _host.KindOf(rule.Path);
        if (kind == HostFileKind.Missing)
        {
            if (MayBeMissing(rule))
            {
                return;
            }

            if (!readOnly || AreaOf(rule.Path).Kind is AreaKind.Direct)
            {
                throw new PlanException($"{because}: {rule.Path} does not exist on this host; create it first");
            }

            // In a layer nothing of the host can be changed; that a commit does not create it is held by the commit.
            _protected.Add(new ProtectedPath(rule.Path, IsHidden: false, rule.Source));
            _notes.Add($"{because}: {rule.Path} does not exist; a commit will not create it");
            return;
        }

        PinParents(rule.Path, because);
        MakeMountPoint(rule.Path, kind == HostFileKind.Directory, because);
        Place(new ViewEntry.HostBind(rule.Path, rule.Path, readOnly, Device: false, because));
        _areas.Add(new Area(rule.Path, readOnly ? AreaKind.ReadOnly : AreaKind.Direct, null, rule.Path));
        if (readOnly)
        {
            _protected.Add(new ProtectedPath(rule.Path, IsHidden: false, rule.Source));
        }
        else
        {
            _writable.Add(new WritablePath(rule.Path, kind == HostFileKind.Directory));
        }
    }

    /// <summary>A preset names what many hosts do not have. What a person wrote is held or refused; what a preset names
    /// and the host lacks is left out, and where that leaves something open it is said.</summary>
    private bool MayBeMissing(PathRule rule)
    {
        if (!IsOfPreset(rule))
        {
            return false;
        }

        if (AreaOf(rule.Path) is { Kind: AreaKind.Direct } direct)
        {
            _notHeld.Add($"{rule.Path} does not exist; the cell can create it, because {direct.Path} is direct "
                + $"({rule.Source.Position})");
        }

        return true;
    }

    private static bool IsOfPreset(PathRule rule) => rule.Source.File.StartsWith("preset:", StringComparison.Ordinal);

    /// <summary>Inside a private directory nothing exists yet to mount on.</summary>
    private void MakeMountPoint(string path, bool directory, string because)
    {
        if (AreaOf(path).Kind is AreaKind.Cover or AreaKind.Private or AreaKind.EmptyBase)
        {
            Place(directory
                ? new ViewEntry.MakeDirectory(path, 0x1ed, because)
                : new ViewEntry.MakeFile(path, because));
        }
    }

    /// <summary>Adds what shows the host, before everything that lies beneath it: a mount covers all that was mounted
    /// beneath its target, and would bring the host's back that a private directory or a cover stands for.</summary>
    private void Place(ViewEntry entry)
    {
        int beneath = _entries.FindIndex(other => Paths.IsBeneath(other.Target, entry.Target));
        _entries.Insert(beneath < 0 ? _entries.Count : beneath, entry);
    }

    /// <summary>In a user namespace the kernel refuses an overlay whose lower directory has mounts of the host beneath
    /// it, mount_namespaces(7): they are locked together.</summary>
    private bool IsHeldUpByMount(PathRule rule, string because)
    {
        string? mount = _host.MountPoints.FirstOrDefault(point => Paths.IsBeneath(point, rule.Path));
        if (mount is null)
        {
            return false;
        }

        if (!IsOfPreset(rule))
        {
            throw new PlanException($"{because}: {rule.Path} cannot be copy-on-write because {mount} is mounted beneath it; "
                + $"name directories beside {mount} instead");
        }

        // Whoever did not write the rule cannot change it, and nothing is lost but room for changes.
        _notHeld.Add($"{rule.Path} is read-only, not copy-on-write, because {mount} is mounted beneath it; name directories "
            + $"beside {mount} with --cow ({rule.Source.Position})");
        ShowReadOnly(rule, because);
        return true;
    }
}
