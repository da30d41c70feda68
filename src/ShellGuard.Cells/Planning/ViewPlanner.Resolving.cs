using System.IO.Enumeration;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;

namespace ShellGuard.Cells.Planning;

public sealed partial class ViewPlanner
{
    /// <summary>The rules with globs expanded, links resolved, one rule a path, shallow ones first.</summary>
    private List<PathRule> Resolve(IReadOnlyList<PathRule> rules)
    {
        Dictionary<string, PathRule> byPath = new(StringComparer.Ordinal);
        for (int i = 0; i < rules.Count; i++)
        {
            PathRule rule = rules[i];
            if (!rule.IsGlob)
            {
                Add(byPath, rule);
                continue;
            }

            foreach (string match in Expand(rule))
            {
                // A rule written later that names this very path, or one beneath it, was meant as an exception.
                if (!rules.Skip(i + 1).Any(later => !later.IsGlob && later.Mode != PathMode.Hidden
                    && later.Path == match))
                {
                    Add(byPath, rule with { Path = match, IsGlob = false });
                }
            }
        }

        return [.. byPath.Values.OrderBy(rule => Paths.Depth(rule.Path)).ThenBy(rule => rule.Path, StringComparer.Ordinal)];
    }

    private void Add(Dictionary<string, PathRule> byPath, PathRule rule)
    {
        // The mount point is the real path; for a hidden link both the name and what it leads to are hidden.
        string real = _host.RealPath(rule.Path) ?? RealParent(rule.Path);
        if (rule.Mode == PathMode.Hidden && real != rule.Path && _host.KindOf(rule.Path) == HostFileKind.SymbolicLink)
        {
            string name = Paths.Join(RealParentDirectory(rule.Path), rule.Path[(rule.Path.LastIndexOf('/') + 1)..]);
            byPath[name] = rule with { Path = name };
        }

        byPath[real] = rule with { Path = real };
    }

    private string RealParent(string path)
    {
        string parent = Paths.Parent(path);
        return parent == "/" ? path : Paths.Join(RealParentDirectory(path), path[(path.LastIndexOf('/') + 1)..]);
    }

    private string RealParentDirectory(string path)
    {
        string parent = Paths.Parent(path);
        return parent == "/" ? "/" : _host.RealPath(parent) ?? RealParent(parent);
    }

    /// <summary><c>DIR/*</c> is the whole content of DIR, now and later; any other glob is what matches now.</summary>
    private List<string> Expand(PathRule rule)
    {
        string parent = Paths.Parent(rule.Path);
        if (rule.Path.EndsWith("/*", StringComparison.Ordinal) && parent.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            return [parent];
        }

        List<string> matches = ["/"];
        foreach (string part in rule.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            List<string> beneath = [];
            foreach (string directory in matches)
            {
                beneath.AddRange(part == "**" ? Tree(directory) : Match(directory, part));
            }

            matches = beneath;
        }

        _notes.Add($"{rule.Source}: matches {matches.Count} paths now; a file that appears on the host later is not "
            + "hidden by this pattern");
        if (rule.Mode is PathMode.Hidden && !PolicyPresets.IsPreset(rule.Source.File))
        {
            _notHeld.Add($"{rule.Path} hides what matches it now, {matches.Count} path{(matches.Count == 1 ? "" : "s")}, and not what appears on the "
                + $"host later ({rule.Source.Position})");
        }

        return matches;
    }

    private List<string> Match(string directory, string part)
    {
        if (part.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            string path = Paths.Join(directory, part);
            return _host.KindOf(path) == HostFileKind.Missing ? [] : [path];
        }

        List<string> matches = [];
        foreach (string name in _host.List(directory))
        {
            if (FileSystemName.MatchesSimpleExpression(part, name, ignoreCase: false))
            {
                matches.Add(Paths.Join(directory, name));
            }
        }

        return matches;
    }

    private IEnumerable<string> Tree(string directory)
    {
        yield return directory;
        foreach (string name in _host.List(directory))
        {
            string path = Paths.Join(directory, name);
            if (_host.KindOf(path) == HostFileKind.Directory)
            {
                foreach (string below in Tree(path))
                {
                    yield return below;
                }
            }
        }
    }
}
