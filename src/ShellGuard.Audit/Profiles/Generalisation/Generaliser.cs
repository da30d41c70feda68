using ShellGuard.Audit.Model;
using ShellGuard.Core;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Puts accesses together whose names differ from run to run or stand for a tree, each by a rule with a name
/// and a reason. It never takes up credentials nor executions, nor lets a change reach what the command executes.</summary>
public sealed class Generaliser
{
    private static readonly GeneralRule ManyFiles = new("many-files", "so many files of one directory that the directory is meant");
    private static readonly GeneralRule AnyPort = new("ephemeral-port", "the kernel chooses another port in each run");

    /// <summary>Where no name outlives who made it: a pattern there means nothing else of the host.</summary>
    private static readonly string[] Fleeting = ["/tmp", "/var/tmp", "/dev/shm", "/dev/pts", "/run/user", "/run/shm", "/proc"];

    private readonly GeneralOptions _options;
    private readonly Credentials _credentials;
    private readonly List<IPathRule> _rules;
    private readonly HashSet<string> _made = new(StringComparer.Ordinal);
    private readonly List<string> _executed;
    private readonly Dictionary<string, bool> _mayChange = new(StringComparer.Ordinal);

    private Generaliser(IReadOnlyList<SeenAccess> accesses, GeneralOptions options)
    {
        _options = options;
        _credentials = Credentials.For(accesses.Select(seen => seen.Access.Target));
        _rules =
        [
            new ProcessDirectories(), new NumberedPlaces(), new TemporaryNames(), new ProcessNumbers(accesses), new VersionedLibraries(), new KnownTrees(),
            new PackageTrees(options.Packages),
        ];
        HashSet<string> executed = new(StringComparer.Ordinal);
        foreach (SeenAccess seen in accesses)
        {
            Access access = seen.Access;
            if (access.Outcome.IsGranted && access.Operation is Operation.Execute or Operation.MapExecutable)
            {
                executed.Add(access.Resolved ?? access.Target);
                executed.Add(access.Target);
            }
            else if (access.Outcome.IsGranted && access.Operation == Operation.Create)
            {
                _made.Add(access.Target);
            }
            else if (access.Outcome.IsGranted && access.Operation == Operation.Rename && access.Destination is not null)
            {
                // The old name was the command's own only where it made it; the new one is as chosen.
                _made.Add(access.Target);
            }
        }

        _executed = [.. executed];
    }

    public static Generalised Of(IReadOnlyList<SeenAccess> accesses, GeneralOptions options)
    {
        ArgumentNullException.ThrowIfNull(accesses);
        ArgumentNullException.ThrowIfNull(options);
        return new Generaliser(accesses, options).Run(accesses);
    }

    private Generalised Run(IReadOnlyList<SeenAccess> accesses)
    {
        Dictionary<GeneralKey, GroupBuilder> groups = [];
        HashSet<GeneralKey> before = [];
        foreach (SeenAccess seen in accesses)
        {
            before.Add(Exact(seen.Access));
            GroupBuilder group = Group(seen);
            if (!groups.TryAdd(group.Key, group))
            {
                groups[group.Key].Members.Add(seen);
            }
        }

        List<GroupBuilder> all = Siblings([.. groups.Values]);
        List<GeneralAccess> result = [.. all.Select(group => group.Build())];
        result.Sort(Compare);
        return new Generalised(result, before.Count, Uses(result));
    }

    internal static GeneralKey KeyOf(GeneralAccess access) => Exact(access.Members[0].Access) with
    {
        Kind = access.Kind,
        Target = access.Target,
        IsPattern = access.IsPattern,
        Destination = access.Destination,
    };

    internal static GeneralKey Exact(Access access) => new(
        access.Operation, access.Kind == ObjectKind.Directory ? ObjectKind.Path : access.Kind, access.Target, false, access.Destination, OutcomeOf(access), access.IsUnresolved);

    // A probe is a probe, whether the directory or the file is not there.
    private static string OutcomeOf(Access access) =>
        access.Outcome.IsGranted ? "" : access.Outcome.Kind == OutcomeKind.Absent ? "absent" : $"{(int)access.Outcome.Kind} {access.Outcome.Error}";

    private GroupBuilder Group(SeenAccess seen)
    {
        Access access = seen.Access;
        GeneralKey key = Exact(access);
        if (_options.IsExact || access.IsUnresolved)
        {
            return new GroupBuilder(key, [], seen);
        }

        if (access.Kind == ObjectKind.Endpoint)
        {
            return AnyPortOf(access) is { } any
                ? new GroupBuilder(key with { Target = any, IsPattern = true }, [AnyPort], seen)
                : new GroupBuilder(key, [], seen);
        }

        if (!access.Kind.HasPath()
            || !access.Target.StartsWith('/'))
        {
            return new GroupBuilder(key, [], seen);
        }

        PathParts target = Apply(access.Target, access.Operation);
        PathParts? destination = access.Destination?.StartsWith('/') == true ? Apply(access.Destination, access.Operation) : null;
        key = key with
        {
            Target = target.Text(),
            IsPattern = target.IsPattern,
            Destination = destination?.Text() ?? access.Destination,
        };
        return new GroupBuilder(key, [.. target.Rules.Union(destination?.Rules ?? [])], seen);
    }

    private PathParts Apply(string path, Operation operation)
    {
        PathParts parts = new(path, operation, _made.Contains(path));
        if (operation == Operation.Execute || _credentials.Has(path))
        {
            return parts;
        }

        foreach (IPathRule rule in _rules)
        {
            rule.Apply(parts);
            if (parts.TreeAt <= parts.Literal.Count && _credentials.LieIn(parts.Prefix(parts.TreeAt)))
            {
                // A tree with a secret in it is never meant: the name stays as it was seen.
                return new PathParts(path, operation, isMade: false);
            }
        }

        return parts.IsPattern && parts.IsChange && !MayChange(parts) ? new PathParts(path, operation, isMade: false) : parts;
    }

    /// <summary>Whether a pattern for changes can be meant: it reaches nothing that the command executes, no credential, and
    /// nothing that the host runs.</summary>
    private bool MayChange(PathParts parts)
    {
        string pattern = parts.Text();
        if (_mayChange.TryGetValue(pattern, out bool known))
        {
            return known;
        }

        string directory = parts.LiteralDirectory();
        return _mayChange[pattern] = Glob.TryParse(pattern, out Glob? glob, out _) && !_executed.Exists(glob.IsMatch)
            && (Array.Exists(Fleeting, parts.IsBeneath) || (!_credentials.LieIn(directory) && !EscapeRights.LeadsOut(directory)));
    }

    /// <summary>Directories of which so many files have the same operation that the directory is meant.</summary>
    private List<GroupBuilder> Siblings(List<GroupBuilder> groups)
    {
        if (_options.Threshold <= 0 || _options.IsExact)
        {
            return groups;
        }

        Dictionary<GeneralKey, List<GroupBuilder>> directories = [];
        List<GroupBuilder> result = [];
        foreach (GroupBuilder group in groups)
        {
            if (DirectoryOf(group.Key) is { } directory)
            {
                if (!directories.TryGetValue(directory, out List<GroupBuilder>? members))
                {
                    directories.Add(directory, members = []);
                }

                members.Add(group);
            }
            else
            {
                result.Add(group);
            }
        }

        foreach (KeyValuePair<GeneralKey, List<GroupBuilder>> directory in directories)
        {
            if (directory.Value.Count < _options.Threshold || !MayWiden(directory.Key))
            {
                result.AddRange(directory.Value);
                continue;
            }

            GroupBuilder whole = new(directory.Key, [ManyFiles], directory.Value[0].Members[0]);
            whole.Members.Clear();
            directory.Value.ForEach(group => whole.Members.AddRange(group.Members));
            result.Add(whole);
        }

        return result;
    }

    /// <summary>The key of everything in the directory of a file, or null where files do not stand for each other.
    /// </summary>
    internal static GeneralKey? DirectoryOf(GeneralKey key)
    {
        int slash = key.Target.LastIndexOf('/');
        return key.Operation is Operation.Execute || key.IsUnresolved || key.Destination?.StartsWith('/') == true || slash <= 0
            || key.Kind is not (ObjectKind.Unknown or ObjectKind.Path or ObjectKind.Directory)
            || key.Target.EndsWith("/**", StringComparison.Ordinal)
            ? null
            : key.WithTarget((key.IsPattern ? key.Target[..slash] : Glob.Quote(key.Target[..slash])) + "/*") with { Kind = ObjectKind.Path };
    }

    private bool MayWiden(GeneralKey key)
    {
        string pattern = key.Target[..^2];
        if (!Glob.TryLiteral(pattern, out string directory) || directory.LastIndexOf('/') <= 0)
        {
            return false;
        }

        bool isLook = key.Operation is Operation.Read or Operation.List or Operation.Stat or Operation.MapExecutable;
        return !_credentials.LieIn(directory)
            && (isLook || (!_executed.Exists(path => path.StartsWith(directory + "/", StringComparison.Ordinal))
                && !EscapeRights.LeadsOut(directory)));
    }

    private static string? AnyPortOf(Access access)
    {
        // ip(7): what the kernel chooses from by default; binding to port 0 asks for it.
        int colon = access.Target.LastIndexOf(':');
        int slash = access.Target.LastIndexOf('/');
        return access.Operation is Operation.Bind or Operation.Listen && colon >= 0 && slash > colon
            && int.TryParse(access.Target.AsSpan(colon + 1, slash - colon - 1), out int port) && port is 0 or >= 32768
            ? $"{access.Target[..colon]}:*{access.Target[slash..]}"
            : null;
    }

    private static List<RuleUse> Uses(List<GeneralAccess> all)
    {
        Dictionary<GeneralRule, RuleUse> uses = [];
        foreach (GeneralAccess access in all)
        {
            foreach (GeneralRule rule in access.Rules)
            {
                RuleUse use = uses.GetValueOrDefault(rule) ?? new RuleUse(rule, 0, 0);
                uses[rule] = use with { Names = use.Names + access.Names, Patterns = use.Patterns + 1 };
            }
        }

        return [.. uses.Values.OrderByDescending(use => use.Names).ThenBy(use => use.Rule.Name, StringComparer.Ordinal)];
    }

    private static int Compare(GeneralAccess left, GeneralAccess right)
    {
        int order = ((int)left.Operation).CompareTo((int)right.Operation);
        order = order != 0 ? order : string.CompareOrdinal(left.Target, right.Target);
        order = order != 0 ? order : string.CompareOrdinal(left.Destination, right.Destination);
        order = order != 0 ? order : ((int)left.Outcome.Kind).CompareTo((int)right.Outcome.Kind);
        order = order != 0 ? order : string.CompareOrdinal(left.Outcome.Error, right.Outcome.Error);
        order = order != 0 ? order : ((int)left.Kind).CompareTo((int)right.Kind);
        return order != 0 ? order : left.IsUnresolved.CompareTo(right.IsUnresolved);
    }

    private sealed class GroupBuilder(GeneralKey key, IReadOnlyList<GeneralRule> rules, SeenAccess first)
    {
        public GeneralKey Key => key;

        public List<SeenAccess> Members { get; } = [first];

        public GeneralAccess Build() => new(
            key.Operation, key.Kind, key.Target, key.Destination, Members[0].Access.Outcome, key.IsUnresolved, rules, Members);
    }
}
