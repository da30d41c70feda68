using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

public sealed partial class ViewPlanner
{
    private const string OwnResolver = "the cell has its own resolver";

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom", "tty"];

    /// <summary>What of /proc outside the processes is shown. Everything else tells about the host or changes it.</summary>
    private static readonly HashSet<string> ShownInProc = new(StringComparer.Ordinal)
    {
        "cpuinfo", "filesystems", "loadavg", "meminfo", "mounts", "net", "self", "stat", "swaps", "thread-self",
        "uptime", "version", "vmstat",
    };

    /// <summary>What of /sys programs read to count processors and memory nodes.</summary>
    private static readonly string[] ShownInSys =
        ["/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/kernel/mm/transparent_hugepage"];

    /// <summary>What of them counts nothing that runs: all that cells see which a wall separates.</summary>
    private static readonly string[] ShownInSysApart =
    [
        "/sys/devices/system/cpu/online", "/sys/devices/system/cpu/possible", "/sys/devices/system/cpu/present",
        "/sys/devices/system/node/online", "/sys/devices/system/node/possible",
    ];

    /// <summary>What of /proc counts what the whole machine does.</summary>
    private static readonly HashSet<string> Counters =
        new(StringComparer.Ordinal) { "loadavg", "meminfo", "stat", "swaps", "vmstat" };

    private static readonly string[] CountersInProcSys =
    [
        "fs/aio-nr", "fs/dentry-state", "fs/file-nr", "fs/inode-nr", "fs/inode-state", "kernel/pty/nr",
        "kernel/random/entropy_avail",
    ];

    private void AddBase()
    {
        if (_hostBase)
        {
            _entries.Add(new ViewEntry.HostBase("the host, read-only"));
            _areas.Add(new Area("/", AreaKind.Base, null, "/"));
            return;
        }

        _entries.Add(new ViewEntry.EmptyBase("nothing of the host is granted"));
        _areas.Add(new Area("/", AreaKind.EmptyBase, null, "/"));
        foreach (string link in NeededPaths.Merged)
        {
            if (_host.KindOf(link) == HostFileKind.SymbolicLink && _host.RealPath(link) is { } target)
            {
                _entries.Add(new ViewEntry.MakeLink(link, target[1..], "merged /usr"));
            }
        }
    }

    /// <summary>The cell has its own resolver, so what tells programs whom to ask is replaced.</summary>
    /// <returns>False where /etc cannot be an overlay.</returns>
    private bool TryAddEtc(List<PathRule> rules, IReadOnlyDictionary<string, string> etc)
    {
        PathRule? own = OwnEtc(rules);
        if (own?.Mode is PathMode.Direct
            || !_withOverlays
            || _host.KindOf("/etc") != HostFileKind.Directory
            || _host.MountPoints.Any(point => Paths.IsBeneath(point, "/etc")))
        {
            return false;
        }

        if (own is not null)
        {
            AddLayer(own, own.Source.ToString());
        }
        else
        {
            AddMask("/etc", OwnResolver);
        }

        foreach ((string name, string content) in etc)
        {
            _plants.Add(new Plant(_areas[^1].Plantable!, "/etc", name, PlantKind.File, content));
        }

        return true;
    }

    /// <summary>The same file by file, as in a container, where the engine has mounted some of its own there.</summary>
    private void CoverEtc(List<PathRule> rules, IReadOnlyDictionary<string, string> etc)
    {
        bool isOwn = OwnEtc(rules) is not null;
        foreach ((string name, string content) in etc)
        {
            if (!isOwn && _host.KindOf($"/etc/{name}") == HostFileKind.File)
            {
                _entries.Add(new ViewEntry.Still($"/etc/{name}", content, OwnResolver));
            }
            else
            {
                _notes.Add($"/etc/{name} is the host's: programs ask the host's resolver, which the cell cannot reach");
            }
        }
    }

    private static PathRule? OwnEtc(List<PathRule> rules) =>
        rules.Find(rule => rule.Path == "/etc" && rule.Mode is PathMode.CopyOnWrite or PathMode.Direct);

    private void AddPrivate(List<PathRule> rules)
    {
        AddPrivateDirectory("/tmp", 0x3ff, rules);
        AddPrivateDirectory("/var/tmp", 0x3ff, rules);
        AddPrivateDirectory("/run", 0x1ed, rules);
        AddDev(rules);
        AddSys(rules);
    }

    private void AddPrivateDirectory(string path, uint mode, List<PathRule> rules)
    {
        if (rules.Exists(rule => rule.Path == path && rule.Mode is PathMode.Direct or PathMode.CopyOnWrite))
        {
            return;
        }

        if (_hostBase && _host.KindOf(path) != HostFileKind.Directory)
        {
            return;
        }

        MakeMountPoint(path, directory: true, "private");
        if (_labels is not null && path != "/run")
        {
            LayerPlan kept = new(path, $"{_storage}/private/{_kept.Count}");
            _kept.Add(kept);
            _entries.Add(new ViewEntry.Overlay(path, kept.Empty, null, kept, "private to the label")
            {
                Below = _labels.UppersOf(path),
            });
        }
        else
        {
            _entries.Add(new ViewEntry.Private(path, mode, PrivateBytes, MountFlags.None, "private"));
        }

        _areas.Add(new Area(path, AreaKind.Private, null, path));
        _writable.Add(new WritablePath(path, IsDirectory: true));
    }

    private void AddDev(List<PathRule> rules)
    {
        Refuse("/dev", rules);
        const string because = "minimal devices";
        MakeMountPoint("/dev", directory: true, because);
        _entries.Add(new ViewEntry.Private("/dev", 0x1ed, 1 << 20, MountFlags.NOEXEC, because));
        foreach (string device in Devices)
        {
            // Read-only stops no read or write of a device, mount(2), but chmod, chown and times of the host's node.
            _entries.Add(new ViewEntry.MakeFile($"/dev/{device}", because));
            _entries.Add(new ViewEntry.HostBind($"/dev/{device}", $"/dev/{device}", ReadOnly: true, Device: true, because));
        }

        _entries.Add(new ViewEntry.MakeDirectory("/dev/pts", 0x1ed, because));
        _entries.Add(new ViewEntry.Devpts("terminals of the cell's own"));
        _entries.Add(new ViewEntry.MakeLink("/dev/ptmx", "pts/ptmx", because));
        _entries.Add(new ViewEntry.MakeLink("/dev/fd", "/proc/self/fd", because));
        _entries.Add(new ViewEntry.MakeLink("/dev/stdin", "/proc/self/fd/0", because));
        _entries.Add(new ViewEntry.MakeLink("/dev/stdout", "/proc/self/fd/1", because));
        _entries.Add(new ViewEntry.MakeLink("/dev/stderr", "/proc/self/fd/2", because));
        _entries.Add(new ViewEntry.MakeDirectory("/dev/shm", 0x1ed, because));
        _entries.Add(new ViewEntry.Private("/dev/shm", 0x3ff, PrivateBytes, MountFlags.None, "private"));
        _areas.Add(new Area("/dev", AreaKind.Private, null, "/dev"));
        _writable.Add(new WritablePath("/dev", IsDirectory: true));
    }

    private void AddSys(List<PathRule> rules)
    {
        Refuse("/sys", rules);
        const string because = "processors and memory nodes only";
        MakeMountPoint("/sys", directory: true, because);
        _entries.Add(new ViewEntry.Private("/sys", 0x1ed, 1 << 20, MountFlags.NOEXEC, because));
        _areas.Add(new Area("/sys", AreaKind.Cover, null, "/sys"));
        foreach (string path in _apart ? ShownInSysApart : ShownInSys)
        {
            if (_host.KindOf(path) is var kind and (HostFileKind.Directory or HostFileKind.File))
            {
                _entries.Add(kind is HostFileKind.Directory
                    ? new ViewEntry.MakeDirectory(path, 0x1ed, because)
                    : new ViewEntry.MakeFile(path, because));
                _entries.Add(new ViewEntry.HostBind(path, path, ReadOnly: true, Device: false, because));
            }
        }
    }

    private void AddProc(List<PathRule> rules)
    {
        Refuse("/proc", rules);
        const string because = "tells about the host or changes it";
        MakeMountPoint("/proc", directory: true, because);
        _entries.Add(new ViewEntry.Proc("processes of the cell only"));
        foreach (string name in _host.List("/proc"))
        {
            if (ShownInProc.Contains(name) || char.IsAsciiDigit(name[0]))
            {
                continue;
            }

            string path = $"/proc/{name}";
            switch (_host.KindOf(path))
            {
                case HostFileKind.Directory when name == "sys":
                    _entries.Add(new ViewEntry.ReadOnlyInPlace("/proc/sys", because));
                    break;
                case HostFileKind.Directory:
                    _entries.Add(new ViewEntry.Private(path, 0x16d, 4096, MountFlags.RDONLY, because));
                    break;
                default:
                    _entries.Add(new ViewEntry.HostBind("/dev/null", path, ReadOnly: true, Device: true, because));
                    break;
            }
        }

        if (_apart)
        {
            AddStillCounters();
            _entries.Add(new ViewEntry.Seal("/proc", "who is taken for the owner of a table gives itself no mode"));
            _protected.Add(new ProtectedPath(
                "/proc", IsHidden: false, new RuleSource("built-in", 0, 0, "behind a wall nothing is written to /proc")));
            return;
        }

        _writable.Add(new WritablePath("/proc", IsDirectory: true));
    }

    /// <summary>A counter of the machine tells each cell what the others do.</summary>
    private void AddStillCounters()
    {
        const string because = "counts what all cells do";
        foreach (string name in Counters)
        {
            if (_host.Once($"/proc/{name}") is { } content)
            {
                _entries.Add(new ViewEntry.Still($"/proc/{name}", content, because));
            }
        }

        foreach (string name in CountersInProcSys)
        {
            string path = $"/proc/sys/{name}";
            if (_host.KindOf(path) is HostFileKind.File)
            {
                _entries.Add(new ViewEntry.HostBind("/dev/null", path, ReadOnly: true, Device: true, because));
            }
        }
    }

    private static void Refuse(string path, List<PathRule> rules)
    {
        PathRule? rule = rules.Find(candidate =>
            candidate.Mode is not PathMode.Hidden && Paths.IsAtOrBeneath(candidate.Path, path));
        if (rule is not null)
        {
            throw new PlanException($"{rule.Source}: {rule.Path} cannot be handed over, as working directory neither; {path} is always the cell's own");
        }
    }
}
