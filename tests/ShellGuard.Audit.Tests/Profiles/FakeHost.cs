using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Tests.Profiles;

/// <summary>A host that does not exist: files with modes and owners, and three groups.</summary>
internal sealed class FakeHost : IHostLook
{
    private readonly Dictionary<string, HostObject> _files = new(StringComparer.Ordinal);

    /// <summary>Everything that is named, world-readable and root's; parents are directories.</summary>
    public FakeHost(params string[] files)
    {
        foreach (string file in files)
        {
            File(file, 0b110_100_100);
        }
    }

    public FakeHost File(string path, uint mode, uint group = 0) => Add(path, new HostObject(false, true, mode, 0, group));

    public FakeHost Directory(string path, uint mode = 0b111_101_101, uint group = 0) => Add(path, new HostObject(true, false, mode, 0, group));

    public bool IsOfContainer { get; init; }

    public HostObject? Look(string path) => _files.GetValueOrDefault(path);

    public string? GroupName(uint group) => group switch { 4 => "adm", 42 => "shadow", 999 => "docker", _ => null };

    private FakeHost Add(string path, HostObject file)
    {
        _files[path] = file;
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            _files.TryAdd(path[..slash], new HostObject(true, false, 0b111_101_101, 0, 0));
        }

        _files.TryAdd("/", new HostObject(true, false, 0b111_101_101, 0, 0));
        return this;
    }
}
