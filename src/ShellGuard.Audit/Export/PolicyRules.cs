using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Export;

/// <summary>Lowers a profile to the rules of a ShellGuard policy: what is granted, and what is left out with the
/// reason.</summary>
internal sealed class PolicyRules
{
    private static readonly string[] Own = ["/tmp", "/var/tmp", "/run", "/var/run", "/dev", "/proc", "/sys"];

    private readonly IHostLook _host;
    private readonly Credentials _credentials;
    private readonly bool _direct;
    private readonly SortedDictionary<string, List<GeneralAccess>> _reads = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<GeneralAccess>> _writes = new(StringComparer.Ordinal);

    // What stands in the list of a rule already.
    private readonly Dictionary<List<GeneralAccess>, HashSet<GeneralAccess>> _noted = [];

    private readonly HashSet<int> _pids;

    private readonly List<string> _looked = [];

    private PolicyRules(IHostLook host, Credentials credentials, bool direct, HashSet<int> pids) =>
        (_host, _credentials, _direct, _pids) = (host, credentials, direct, pids);

    public IReadOnlyDictionary<string, List<GeneralAccess>> Reads => _reads;

    /// <summary>Directories whose changes go to the session's layer.</summary>
    public SortedDictionary<string, List<GeneralAccess>> Layers { get; } = new(StringComparer.Ordinal);

    /// <summary>Files and directories whose changes go to the host.</summary>
    public SortedDictionary<string, List<GeneralAccess>> Direct { get; } = new(StringComparer.Ordinal);

    /// <summary>Patterns of credentials that would be shown with a directory.</summary>
    public SortedSet<string> Hidden { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, List<GeneralAccess>> Network { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether credentials would be changeable with a directory.</summary>
    public bool HidesIn(string directory) => _credentials.Within(directory).Any();

    /// <summary>What is not granted, with the reason, as lines.</summary>
    public List<string> LeftOut { get; } = [];

    public static PolicyRules Of(AccessProfile profile, IHostLook host, bool direct)
    {
        HashSet<int> pids = [];
        foreach (Model.SeenAccess seen in profile.Result.Accesses)
        {
            pids.Add(seen.Access.Chain[0].Pid);
        }

        PolicyRules rules = new(host, Credentials.For(profile.Paths.Select(path => path.Path)), direct, pids);
        foreach (ProfilePath path in profile.Paths)
        {
            rules.Add(path);
        }

        foreach (ProfileEndpoint endpoint in profile.Connects)
        {
            rules.Add(endpoint);
        }

        foreach (ProfileEndpoint endpoint in profile.Listens.Where(endpoint => !endpoint.IsLoopback))
        {
            rules.Leave(AccessText.Of(endpoint.Evidence), "a cell listens on its own loopback only");
        }

        foreach (GeneralAccess other in profile.Others.Where(other => CannotHappen(other)))
        {
            rules.Leave(AccessText.Of(other), "no cell may do that");
        }

        rules.Settle();
        return rules;
    }

    private static bool CannotHappen(GeneralAccess access) =>
        access.Operation is Operation.LoadCode or Operation.SystemCall or Operation.Trace
        || (access.Kind == ObjectKind.OtherSocket && !access.Target.StartsWith("netlink", StringComparison.Ordinal));

    private void Add(ProfilePath path)
    {
        if (path.Path.Any(char.IsControl) || !KernelText.IsUnicode(path.Path))
        {
            Leave(AccessText.Name(path.Shown), "a policy has no words for such a name");
            return;
        }

        // A directory of sockets that lead out is as good as they.
        bool isSocket = (path.Rights & PathRights.Connect) != PathRights.None;
        if (isSocket || (!path.Changes && EscapeRights.Find(path.Path) is { Kind: EscapeKind.Socket }))
        {
            AddSocket(path);
            return;
        }

        if (Array.Exists(Own, place => PathText.IsAtOrBeneath(path.Path, place)))
        {
            AddOwn(path);
            return;
        }

        if (path.Changes)
        {
            AddChange(path);
        }

        if ((path.Rights & (PathRights.Read | PathRights.List | PathRights.Execute | PathRights.Map)) != PathRights.None)
        {
            AddRead(path);
        }
        else if (!path.Changes && !path.IsDirectory && !path.IsCredential && path.Pattern is null && _host.Look(path.Path) is not null)
        {
            // Of a file that is only looked at its content is shown too; of a directory that would be a tree.
            AddRead(path);
        }
        else if (!path.Changes && path.Pattern is null && _host.Look(path.Path) is { } looked)
        {
            AddLook(path, looked);
        }
    }

    /// <summary>What was only looked at, and would show more than a look does.</summary>
    private void AddLook(ProfilePath path, HostObject looked)
    {
        if (!looked.IsDirectory)
        {
            Leave(AccessText.Of(path.Evidence[0]), "it was only looked at, and showing it shows the credentials in it");
        }
        else
        {
            _looked.Add(path.Path);
        }
    }

    /// <summary>The cell has such a place of its own; what of the host's was read there is missing in it.</summary>
    private void AddOwn(ProfilePath path)
    {
        if (path.Pattern?.StartsWith("/proc/*", StringComparison.Ordinal) == true)
        {
            if (path.Evidence.SelectMany(access => access.Members).Any(seen => IsForeign(seen.Access.Target)))
            {
                Leave(AccessText.Of(path.Evidence[0]), "a cell shows its own processes only");
            }

            return;
        }

        bool isKernel = PathText.IsAtOrBeneath(path.Path, "/dev") || PathText.IsAtOrBeneath(path.Path, "/proc") || PathText.IsAtOrBeneath(path.Path, "/sys");
        if (path.Changes && !isKernel && Array.IndexOf(Own, path.Path) < 0 && !path.Evidence.Any(access => access.Operation == Operation.Delete))
        {
            Leave(AccessText.Of(path.Evidence.First(access => access.Operation is not (Operation.Read or Operation.Stat or Operation.List))), "such a place is the cell's own and ends with it");
        }

        bool reads = (path.Rights & (PathRights.Read | PathRights.List | PathRights.Execute)) != PathRights.None && !path.Changes && path.Pattern is null;
        if (!reads || Array.IndexOf(Own, path.Path) >= 0 || (isKernel && CellHas(path.Path)))
        {
            return;
        }

        if (isKernel)
        {
            Leave(AccessText.Of(path.Evidence[0]), "the cell's own /dev, /proc and /sys are minimal");
        }
        else if (path.IsDirectory ? _credentials.LieIn(path.Path) : path.IsCredential)
        {
            Leave(AccessText.Of(path.Evidence[0]), "credentials are in it");
        }
        else if (_host.Look(path.Path) is not null)
        {
            Note(_reads, path.Path, path.Evidence);
        }
    }

    private bool IsForeign(string path)
    {
        string[] parts = path.Split('/');
        return parts.Length > 2 && int.TryParse(parts[2], out int pid) && !_pids.Contains(pid);
    }

    private static bool CellHas(string path) => path is "/dev/null" or "/dev/zero" or "/dev/full" or "/dev/random" or "/dev/urandom"
            or "/dev/tty" or "/dev/ptmx" or "/proc/meminfo" or "/proc/cpuinfo" or "/proc/stat" or "/proc/loadavg" or "/proc/uptime"
            or "/proc/mounts" or "/proc/filesystems" or "/proc/version" or "/proc/swaps" or "/proc/vmstat"
        || path.StartsWith("/proc/self", StringComparison.Ordinal) || path.StartsWith("/proc/sys/", StringComparison.Ordinal)
        || path.StartsWith("/proc/net", StringComparison.Ordinal) || path.StartsWith("/dev/pts/", StringComparison.Ordinal)
        || path.StartsWith("/sys/devices/system/cpu", StringComparison.Ordinal) || path.StartsWith("/sys/devices/system/node", StringComparison.Ordinal);

    private void AddSocket(ProfilePath path)
    {
        if (EscapeRights.Find(path.Path) is { Kind: EscapeKind.Socket } right)
        {
            Leave(AccessText.Of(path.Evidence[0]), right.How);
        }
        else if (path.Evidence.Any(access => access.Kind == ObjectKind.UnixDatagram))
        {
            Leave(AccessText.Of(path.Evidence[0]), $"a cell has no unix datagram sockets; {(SystemLog.IsAt(path.Path) ? "what is written to the system log is lost" : "what is sent there is lost")}");
        }
        else if (_host.Look(path.Path) is not null)
        {
            Note(_reads, path.Path, path.Evidence);
        }
        else
        {
            Leave(AccessText.Of(path.Evidence[0]), "the socket is not there now, or cannot be seen");
        }
    }

    private void AddRead(ProfilePath path)
    {
        bool isTree = path.Pattern is not null || path.IsDirectory;
        if (NeededPaths.Show(path.Path))
        {
            return;
        }

        if (isTree && (path.Path == "/" || _credentials.LieIn(path.Path)))
        {
            if ((path.Rights & (PathRights.List | PathRights.Read)) != PathRights.None && path.Path != "/")
            {
                Leave(AccessText.Of(path.Evidence[0]), "credentials lie in the directory, and showing it would show them");
            }

            // Of a pattern each name that was seen is still granted by itself.
            foreach (GeneralAccess access in path.Pattern is null ? [] : path.Evidence)
            {
                foreach (string name in access.Members.Select(seen => seen.Access.Target).Where(name => _host.Look(name) is { IsDirectory: false }))
                {
                    Note(_reads, name, [access]);
                }
            }

            return;
        }

        if (_host.Look(path.Path) is null)
        {
            Leave(AccessText.Of(path.Evidence[0]), "it is not there now, or cannot be seen");
            return;
        }

        Note(_reads, path.Path, path.Evidence);
    }

    private void AddChange(ProfilePath path)
    {
        HostObject? now = _host.Look(path.Path);
        bool isFileItself = _direct && path.Pattern is null && now is { IsRegular: true } && (path.Rights & PathRights.Make) == PathRights.None;
        string place = isFileItself || now is { IsDirectory: true } ? path.Path : Existing(path.Path);
        if (now is { IsDirectory: true } && path.Pattern is null && (path.Rights & (PathRights.Write | PathRights.Make)) == PathRights.Make
            && path.Evidence.All(access => access.Operation is Operation.Create))
        {
            // The directory itself was made, or would have been.
            place = path.Path;
        }

        if (place == "/")
        {
            Leave(AccessText.Of(path.Evidence[0]), "the whole root directory would have to be changeable");
        }
        else
        {
            Note(_writes, place, [.. path.Evidence.Where(access => access.Operation
                is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename or Operation.ChangeAttributes or Operation.Bind)]);
        }
    }

    private string Existing(string path)
    {
        string directory = path;
        do
        {
            directory = directory[..Math.Max(1, directory.LastIndexOf('/'))];
        }
        while (directory.Length > 1 && _host.Look(directory) is not { IsDirectory: true });

        return directory.Length == 0 ? "/" : directory;
    }

    private void Add(ProfileEndpoint endpoint)
    {
        if (endpoint.Protocol != "tcp" || endpoint.Port == 0)
        {
            if (endpoint.Evidence.Operation is Operation.Connect or Operation.Send && endpoint.Port != 0)
            {
                Leave(AccessText.Of(endpoint.Evidence), endpoint.Port == 53
                    ? "names are answered by the cell's own resolver"
                    : endpoint.IsSelection ? "the C library asks the kernel for its own address, and nothing is sent"
                    : "only TCP can be granted");
            }

            return;
        }

        string host = endpoint.Name ?? endpoint.HostText;
        string rule = $"{host}:{endpoint.Port}";
        if (EndpointPattern.TryParse(rule, out _, out string? problem))
        {
            Note(Network, rule, [endpoint.Evidence]);
        }
        else
        {
            Leave(AccessText.Of(endpoint.Evidence), problem);
        }
    }

    /// <summary>Drops what a rule above covers, and hides credentials that a changeable directory would show.</summary>
    private void Settle()
    {
        foreach (KeyValuePair<string, List<GeneralAccess>> write in _writes)
        {
            // A place from which the host runs something is never written through by a rule that nobody read.
            bool leadsOut = EscapeRights.LeadsOut(write.Key);
            SortedDictionary<string, List<GeneralAccess>> list = _direct && !leadsOut ? Direct : Layers;
            if (list.Keys.FirstOrDefault(known => PathText.IsAtOrBeneath(write.Key, known)) is { } above)
            {
                list[above].AddRange(write.Value);
            }
            else
            {
                list.Add(write.Key, write.Value);
                Hidden.UnionWith(_credentials.Within(write.Key));
            }
        }

        foreach (string read in _reads.Keys.ToList())
        {
            bool isCovered = IsBeneath(_reads, read)
                || (!_credentials.Has(read)
                    && (Layers.ContainsKey(read) || Direct.ContainsKey(read) || IsBeneath(Layers, read) || IsBeneath(Direct, read)));
            if (isCovered)
            {
                _reads.Remove(read);
            }
        }

        List<string> dark =
            [.. _looked.Where(place => place != "/" && !_reads.Keys.Concat(Layers.Keys).Concat(Direct.Keys).Concat(NeededPaths.All).Concat(NeededPaths.Merged)
                .Any(shown => PathText.IsAtOrBeneath(place, shown) || PathText.IsAtOrBeneath(shown, place)))];
        if (dark.Count > 0)
        {
            Leave(
                $"stat {string.Join(", ", dark.Take(4).Select(place => AccessText.Name(place)))}{(dark.Count > 4 ? $" and {dark.Count - 4} more" : "")}",
                "of a directory that was only looked at nothing is shown");
        }

        // .bash_history is one of .*_history.
        List<Glob> globs = [];
        foreach (string pattern in Hidden)
        {
            if (pattern.Contains('*', StringComparison.Ordinal) && Glob.TryParse(pattern, out Glob? glob, out _))
            {
                globs.Add(glob);
            }
        }

        Hidden.RemoveWhere(pattern => !pattern.Contains('*', StringComparison.Ordinal) && globs.Exists(glob => glob.IsMatch(pattern)));
        Hidden.RemoveWhere(pattern => _reads.ContainsKey(pattern) || Layers.ContainsKey(pattern) || Direct.ContainsKey(pattern));
    }

    private void Note(SortedDictionary<string, List<GeneralAccess>> rules, string name, IEnumerable<GeneralAccess> evidence)
    {
        if (!rules.TryGetValue(name, out List<GeneralAccess>? known))
        {
            rules.Add(name, known = []);
        }

        if (!_noted.TryGetValue(known, out HashSet<GeneralAccess>? noted))
        {
            _noted.Add(known, noted = new HashSet<GeneralAccess>(ReferenceEqualityComparer.Instance));
        }

        known.AddRange(evidence.Where(noted.Add));
    }

    /// <summary>Whether a directory above has a rule.</summary>
    private static bool IsBeneath(SortedDictionary<string, List<GeneralAccess>> rules, string path)
    {
        for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (rules.ContainsKey(path[..end]))
            {
                return true;
            }
        }

        return path != "/" && rules.ContainsKey("/");
    }

    private void Leave(string what, string why) => LeftOut.Add($"{what}: {why}");
}
