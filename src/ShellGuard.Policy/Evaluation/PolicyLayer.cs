using ShellGuard.Core;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Evaluation;

/// <summary>What one source says: a preset, a file or the command line.</summary>
internal sealed class PolicyLayer(string file)
{
    public string File { get; } = file;

    public List<LayerPath> Paths { get; } = [];

    public List<NetworkRule> Network { get; } = [];

    public List<LayerEntry<string>> Pass { get; } = [];

    public List<LayerEntry<string>> Withhold { get; } = [];

    public List<LayerEntry<KeyValuePair<string, string>>> Set { get; } = [];

    /// <summary>Limits and session settings by key. A null value lifts what an earlier source set.</summary>
    public Dictionary<string, LayerEntry<object?>> Settings { get; } = new(StringComparer.Ordinal);

    public WallLayer Walls { get; } = new();

    /// <summary>How many characters each rule's text is long, for carets.</summary>
    public Dictionary<RuleSource, int> Lengths { get; } = [];
}

/// <param name="Written">As in the source, before <c>~</c> and <c>.</c> were resolved.</param>
internal sealed record LayerPath(string Written, PathRule Rule);

internal sealed record LayerEntry<T>(T Value, RuleSource Source);
