using ShellGuard.Cells.Planning;

namespace ShellGuard.Cells.Tests.Planning;

/// <summary>A host that exists only in a test: directories, files, symbolic links and mounts.</summary>
internal sealed class FakeHost : IHostFiles
{
    private readonly SortedDictionary<string, HostFileKind> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);
    private readonly List<string> _mounts = ["/"];
    private readonly Dictionary<string, uint> _names = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _sameFiles = [];

    /// <summary>A host as small as the planner's own needs.</summary>
    internal FakeHost()
    {
        foreach (string directory in new[]
        {
            "/dev", "/etc", "/home/ann", "/home/bob", "/proc/sys", "/proc/fs", "/root", "/run", "/srv", "/sys", "/tmp",
            "/usr/bin", "/var/lib", "/var/tmp",
        })
        {
            AddDirectory(directory);
        }

        AddFile("/etc/passwd").AddFile("/etc/shadow").AddFile("/usr/bin/sh");
        AddFile("/proc/kallsyms").AddFile("/proc/meminfo").AddDirectory("/proc/1");
        AddLink("/bin", "/usr/bin");
    }

    public IReadOnlyList<string> MountPoints => _mounts;

    public string? Once(string path) => KindOf(path) is HostFileKind.File ? $"{path} as it was\n" : null;

    internal FakeHost AddDirectory(string path)
    {
        for (; path != "/" && path.Length > 0; path = Paths.Parent(path))
        {
            _kinds[path] = HostFileKind.Directory;
        }

        return this;
    }

    internal FakeHost AddFile(string path, HostFileKind kind = HostFileKind.File)
    {
        AddDirectory(Paths.Parent(path));
        _kinds[path] = kind;
        return this;
    }

    internal FakeHost WithNames(string path, uint count)
    {
        _names[path] = count;
        return this;
    }

    /// <summary>Another name of a file, which has two then.</summary>
    internal FakeHost AddHardLink(string path, string other)
    {
        _sameFiles.UnionWith([(path, other), (other, path)]);
        return AddFile(other).WithNames(path, 2).WithNames(other, 2);
    }

    /// <param name="path">The link.</param>
    /// <param name="target">Where it leads: an absolute path without links.</param>
    internal FakeHost AddLink(string path, string target)
    {
        AddFile(path, HostFileKind.SymbolicLink);
        _links[path] = target;
        return this;
    }

    internal FakeHost AddMount(string path)
    {
        AddDirectory(path);
        _mounts.Add(path);
        return this;
    }

    public HostFileKind KindOf(string path)
    {
        string? parent = path == "/" ? "/" : RealPath(Paths.Parent(path));
        return parent is null ? HostFileKind.Missing
            : path == "/" ? HostFileKind.Directory
            : _kinds.GetValueOrDefault(Paths.Join(parent, path[(path.LastIndexOf('/') + 1)..]), HostFileKind.Missing);
    }

    public string? RealPath(string path)
    {
        if (path == "/")
        {
            return path;
        }

        if (RealPath(Paths.Parent(path)) is not { } parent)
        {
            return null;
        }

        string name = Paths.Join(parent, path[(path.LastIndexOf('/') + 1)..]);
        return _links.TryGetValue(name, out string? target) ? RealPath(target) : _kinds.ContainsKey(name) ? name : null;
    }

    public uint NamesOf(string path) =>
        KindOf(path) == HostFileKind.File ? _names.GetValueOrDefault(path, 1u) : 0;

    public int NamesAmong(string path, IEnumerable<string> paths) => paths.Count(other => other == path || _sameFiles.Contains((path, other)));

    public IReadOnlyList<string> List(string directory) =>
        RealPath(directory) is not { } real
            ? []
            : [.. _kinds.Keys.Where(path => Paths.Parent(path) == real).Select(path => path[(path.LastIndexOf('/') + 1)..])];

    public bool IsExecutable(string path) => RealPath(path) is { } real && KindOf(real) == HostFileKind.File;
}
