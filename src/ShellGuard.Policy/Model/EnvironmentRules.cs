using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>Which environment variables a cell gets.</summary>
/// <param name="Pass">Names taken from the caller; a trailing <c>*</c> matches any rest.</param>
/// <param name="Set">Variables with a fixed value; they win over <paramref name="Pass"/>.</param>
public sealed record EnvironmentRules(IReadOnlyList<string> Pass, IReadOnlyDictionary<string, string> Set)
{
    /// <summary>Names that are not passed although <see cref="Pass"/> matches them; same form.</summary>
    public IReadOnlyList<string> Withhold { get; init; } = [];

    /// <summary>Where each entry was written: by the pattern for <see cref="Pass"/> (<c>pass NAME</c>) and
    /// <see cref="Withhold"/> (<c>withhold NAME</c>), by the name for <see cref="Set"/> (<c>set NAME</c>).</summary>
    public IReadOnlyDictionary<string, RuleSource> Sources { get; init; } =
        new Dictionary<string, RuleSource>(StringComparer.Ordinal);

    /// <summary>Whether the caller's variable of this name is passed.</summary>
    public bool Passes(string name) =>
        Pass.Any(p => Matches(p, name)) && !Withhold.Any(p => Matches(p, name));

    /// <summary>The environment of a cell: what of the caller's is passed, and what is set.</summary>
    public IReadOnlyDictionary<string, string> Apply(IEnumerable<KeyValuePair<string, string>> caller)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in caller)
        {
            if (Passes(name))
            {
                result[name] = value;
            }
        }

        foreach (var (name, value) in Set)
        {
            result[name] = value;
        }

        return result;
    }

    internal static bool Matches(string pattern, string name) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern;
}
