using ShellGuard.Core;
using ShellGuard.Leash.Holes;

namespace ShellGuard.Leash.Configuration;

/// <summary>A configuration without a mistake: what may be run, and nothing else.</summary>
public sealed class LeashConfiguration
{
    /// <summary>The longest file, in bytes.</summary>
    public const int MaximumBytes = 1024 * 1024;

    public const int MaximumEntries = 10_000;

    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int MaximumNameBytes = 1024;

    private readonly Dictionary<string, LeashEntry> _byName = new(StringComparer.Ordinal);
    private readonly List<LeashEntry> _withHoles = [];
    private bool _everything;

    internal LeashConfiguration(
        string file,
        string digest,
        IReadOnlyList<LeashEntry> entries,
        IReadOnlyDictionary<string, string> interpreters,
        LeashSettings settings)
    {
        File = file;
        Digest = digest;
        Entries = entries;
        Interpreters = interpreters;
        Settings = settings;
        foreach (LeashEntry entry in entries)
        {
            if (entry.Pattern is null)
            {
                _byName.Add(entry.Name, entry);
            }
            else
            {
                _withHoles.Add(entry);
            }
        }
    }

    /// <summary>Where it was read from.</summary>
    public string File { get; }

    /// <summary>SHA-256 of its bytes in lower-case hex, for the journal.</summary>
    public string Digest { get; }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<LeashEntry> Entries { get; }

    /// <summary>SHA-256 in lower-case hex of the interpreters that scripts with a hash may be run by, by path.</summary>
    public IReadOnlyDictionary<string, string> Interpreters { get; }

    /// <summary>SHA-256 in lower-case hex of the loaders and libraries that entries with <c>libraries</c> may start with,
    /// by path.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new Dictionary<string, string>();

    public LeashSettings Settings { get; }

    /// <summary>For trying pipelines out: every line is a pipeline, as with l8ash's empty configuration.</summary>
    public static LeashConfiguration Everything { get; } = new(
        "unrestricted", "", [], new Dictionary<string, string>(), LeashSettings.Default)
    {
        _everything = true,
    };

    /// <summary>The entry of exactly this name; else the one whose holes the line fills, with its values in place. Null
    /// where there is none, and where there is more than one.</summary>
    public LeashEntry? Find(string name)
    {
        if (_everything)
        {
            return Anything(name);
        }

        if (_byName.TryGetValue(name, out LeashEntry? exact) || _withHoles.Count == 0)
        {
            return exact;
        }

        LeashEntry? found = null;
        foreach (LeashEntry entry in _withHoles)
        {
            if (entry.Pattern!.Match(name) is { } values)
            {
                if (found is not null)
                {
                    return null;
                }

                found = entry with
                {
                    Stages = HolePattern.Fill(entry.Stages, values),
                    ChosenPaths =
                        [.. entry.Pattern.Holes.Where(hole => hole.Type is HoleType.Name).Select(hole => values[hole.Name])],
                };
            }
        }

        return found;
    }

    private static LeashEntry? Anything(string line)
    {
        IReadOnlyList<IReadOnlyList<string>> stages = PipelineText.Split(line);
        return stages.All(stage => stage.Count > 0)
            ? new LeashEntry(
                line, line, [.. stages.Select(words => new LeashStage(words))], [], [], RuleSource.CommandLine("--unrestricted"))
            : null;
    }
}
