namespace ShellGuard.Audit.Profiles;

/// <summary>Debian's packages, by the lists that dpkg keeps of their files. Only what is asked about is kept.</summary>
public sealed class DpkgPackages : IPackageOwners
{
    /// <summary>Stands for several packages that have a directory together.</summary>
    private const string Several = "";

    private readonly Dictionary<string, string?> _owners;

    private DpkgPackages(Dictionary<string, string?> owners) => _owners = owners;

    /// <param name="paths">The paths that will be asked about.</param>
    /// <param name="directory">Where dpkg keeps its lists; where there are none, nothing has an owner.</param>
    public static IPackageOwners Load(IEnumerable<string> paths, string directory = PackageLists.DefaultDirectory)
    {
        using PackageLists lists = PackageLists.Open(directory);
        return lists.Owners(paths);
    }

    /// <summary>Nothing has an owner yet.</summary>
    /// <param name="paths">The paths that will be asked about.</param>
    internal static DpkgPackages For(IEnumerable<string> paths)
    {
        Dictionary<string, string?> owners = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string name = Unmerged(path);
            while (name.Length > 1 && owners.TryAdd(name, null))
            {
                name = name[..Math.Max(name.LastIndexOf('/'), 0)];
            }
        }

        return new DpkgPackages(owners);
    }

    public string? OwnerOf(string path) => _owners.GetValueOrDefault(Unmerged(path)) is { Length: > 0 } owner ? owner : null;

    public string? TreeOf(string path)
    {
        string? owner = OwnerOf(path);
        string? tree = null;
        string name = owner is null ? "" : Unmerged(path);
        int cut = path.Length - name.Length;
        while (name.Length > 1 && _owners.GetValueOrDefault(name) == owner)
        {
            // A file alone is no tree, nor is a directory right below /usr/share or the like.
            if (name.Length + cut < path.Length && path[..(name.Length + cut)].Count(letter => letter == '/') > 2)
            {
                tree = path[..(name.Length + cut)];
            }

            name = name[..Math.Max(name.LastIndexOf('/'), 0)];
        }

        return tree;
    }

    /// <summary>Takes over a list of files.</summary>
    internal void Add(TextReader list, string package)
    {
        while (list.ReadLine() is { } line)
        {
            string name = Unmerged(line);
            if (_owners.TryGetValue(name, out string? known))
            {
                _owners[name] = known is null || known == package ? package : Several;
            }
        }
    }

    /// <summary>The name as before /bin and /lib became links into /usr: lists have both.</summary>
    private static string Unmerged(string path)
    {
        foreach (string place in (string[])["/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib32", "/usr/lib64"])
        {
            if (path.StartsWith(place, StringComparison.Ordinal) && (path.Length == place.Length || path[place.Length] == '/'))
            {
                return path[4..];
            }
        }

        return path;
    }
}
