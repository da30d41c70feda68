using System.Collections.Concurrent;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Profiles;

/// <summary>What the default preset hides: credentials, keys, histories. One list for all of ShellGuard.</summary>
public sealed class Credentials
{
    // Other people's homes are hidden too, but a home is not a credential.
    private static readonly string[] Homes = ["/home/*", "/root"];

    private static readonly ConcurrentDictionary<string, IReadOnlyList<PathRule>> Known = new(StringComparer.Ordinal);

    /// <summary>Parts of a path that rules of the preset look at; they have no <c>**</c>.</summary>
    private const int MaxDepth = 16;

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly List<Glob> _globs = [];

    /// <param name="homes">The homes for which <c>~</c> stands.</param>
    public Credentials(IEnumerable<string> homes)
    {
        foreach (string home in homes)
        {
            foreach (PathRule rule in RulesFor(home))
            {
                if (rule.Mode == PathMode.Hidden && Array.IndexOf(Homes, rule.Path) < 0)
                {
                    Add(rule);
                }
            }
        }
    }

    private static IReadOnlyList<PathRule> RulesFor(string home)
    {
        if (!Known.TryGetValue(home, out IReadOnlyList<PathRule>? rules))
        {
            PolicyResult preset = PolicyLoader.Load(
                new PolicyRequest("default", [], new PolicyContext(home, "/", "user", 0)), NoFiles.Instance);
            rules = preset.Policy!.Paths;
            Known.TryAdd(home, rules);
        }

        return rules;
    }

    /// <summary>For root's home and the homes that the paths show.</summary>
    public static Credentials For(IEnumerable<string> paths)
    {
        HashSet<string> homes = new(StringComparer.Ordinal) { "/root" };
        foreach (string path in paths)
        {
            if (homes.Count < 100 && path.StartsWith("/home/", StringComparison.Ordinal))
            {
                int end = path.IndexOf('/', 6);
                string home = end < 0 ? path : path[..end];
                if (home.Length > 6)
                {
                    homes.Add(home);
                }
            }
        }

        return new Credentials(homes);
    }

    /// <summary>Whether the path is such a thing, or lies in one.</summary>
    public bool Has(string path)
    {
        // No rule is deeper: a hostile path of thousands of parts costs no more than others.
        path = Top(path);
        for (string name = path; name.Length > 1; name = name[..Math.Max(name.LastIndexOf('/'), 0)])
        {
            if (_paths.Contains(name))
            {
                return true;
            }
        }

        return _globs.Exists(glob => glob.FindMatchedAncestor(path) is not null);
    }

    /// <summary>Whether such a thing lies at or beneath the directory, there or not.</summary>
    public bool LieIn(string directory) => Has(directory)
        || _paths.Any(path => path.StartsWith(directory, StringComparison.Ordinal)
            && (directory == "/" || path.Length == directory.Length || path[directory.Length] == '/'))
        || _globs.Exists(glob => glob.CouldMatchBeneath(directory));

    /// <summary>The rules of the default policy about what lies beneath a directory, as patterns, in order.</summary>
    public IEnumerable<string> Within(string directory) => _paths
        .Where(path => PathText.IsAtOrBeneath(path, directory) && path != directory).Select(Glob.Quote)
        .Concat(_globs.Where(glob => glob.CouldMatchBeneath(directory)).Select(glob => glob.Pattern))
        .Order(StringComparer.Ordinal);

    private static string Top(string path)
    {
        int end = 0;
        for (int part = 0; part <= MaxDepth && end >= 0; part++)
        {
            end = end + 1 < path.Length ? path.IndexOf('/', end + 1) : -1;
        }

        return end < 0 ? path : path[..end];
    }

    private void Add(PathRule rule)
    {
        if (!rule.IsGlob)
        {
            _paths.Add(rule.Path);
        }
        else if (!_globs.Exists(glob => glob.Pattern == rule.Path))
        {
            _globs.Add(Glob.TryParse(rule.Path, out Glob? glob, out string? problem)
                ? glob
                : throw new InvalidOperationException($"{rule.Path}: {problem}"));
        }
    }

    private sealed class NoFiles : IPolicyFiles
    {
        public static readonly NoFiles Instance = new();

        public PolicyFileContent Read(string path) => PolicyFileContent.Failed("no such file");
    }
}
