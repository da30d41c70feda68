using System.Text;

namespace ShellGuard.Audit.Profiles;

/// <summary>The lists that dpkg keeps of its packages' files, opened at once and read when it is known who is asked about:
/// some thousand descriptors at most.</summary>
public sealed class PackageLists : IDisposable
{
    internal const string DefaultDirectory = "/var/lib/dpkg/info";

    private readonly List<(string Package, FileStream File)> _lists = [];

    /// <summary>Nothing has an owner.</summary>
    public static PackageLists None() => new();

    /// <param name="directory">Where there are no lists, or one cannot be opened, nothing has an owner: half of them would
    /// call a shared directory one package's own.</param>
    public static PackageLists Open(string directory = DefaultDirectory)
    {
        PackageLists lists = new();
        try
        {
            foreach (string list in Directory.EnumerateFiles(directory, "*.list").Order(StringComparer.Ordinal))
            {
                string package = Path.GetFileNameWithoutExtension(list);
                int architecture = package.IndexOf(':', StringComparison.Ordinal);
                lists._lists.Add((
                    architecture > 0 ? package[..architecture] : package,
                    new FileStream(list, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0)));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            lists.Dispose();
            lists._lists.Clear();
        }

        return lists;
    }

    /// <param name="paths">The paths that will be asked about.</param>
    public IPackageOwners Owners(IEnumerable<string> paths)
    {
        DpkgPackages packages = DpkgPackages.For(paths);
        try
        {
            foreach ((string package, FileStream file) in _lists)
            {
                file.Position = 0;
                using StreamReader text = new(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16 * 1024, leaveOpen: true);
                packages.Add(text, package);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return NoPackages.Instance;
        }

        return packages;
    }

    public void Dispose() => _lists.ForEach(list => list.File.Dispose());
}
