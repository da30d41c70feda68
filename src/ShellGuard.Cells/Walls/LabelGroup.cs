using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>The cells of a policy that have one label. They run as one: what one of them can reach, the others could be
/// handed by it through the layer that they share.</summary>
/// <param name="Name">The cells' names.</param>
/// <param name="Label">The sources of everything in it.</param>
/// <param name="Sinks">What its grants lead to.</param>
/// <param name="Key">Its directory in the session's storage; empty for the label without tags.</param>
/// <param name="Policy">What it may do.</param>
/// <param name="Cells">The cells.</param>
internal sealed record LabelGroup(
    string Name, TagSet Label, TagSet Sinks, string Key, EffectivePolicy Policy, IReadOnlyList<CellRule> Cells)
{
    /// <summary>The cell with a clearance that this is, whose label grows: then <see cref="Label"/> is empty, and the flow
    /// graph has what it knows. Null for a pinned one.</summary>
    public CellRule? Floating { get; init; }

    /// <summary>Whether it may set the clipboard of the person's terminal.</summary>
    public bool SetsClipboard => Cells.Any(cell => cell.Clipboard is not null);

    /// <summary>The variables of resources that this side has, <c>NAME=value</c>. The lobby, whose others a command gets, never
    /// had them.</summary>
    public IEnumerable<string> VariablesFor(LobbyRequest request, IReadOnlyDictionary<string, string> caller)
    {
        foreach (string name in Cells.SelectMany(cell => cell.Environment.Keys).Distinct(StringComparer.Ordinal))
        {
            if (Policy.Environment.Passes(name) && caller.TryGetValue(name, out string? value)
                && !request.Environment.Any(variable => variable.StartsWith($"{name}=", StringComparison.Ordinal)))
            {
                yield return $"{name}={value}";
            }
        }
    }

    /// <summary>What a person is told of it while it has the terminal.</summary>
    /// <param name="knows">Its label now.</param>
    public string Describe(WallRules walls, TagSet knows) => IsLobby ? Name : $"{Name}, knows {walls.NamesOf(knows)}";

    /// <summary>Whether it is the shell's own side.</summary>
    public bool IsLobby => Label.IsEmpty && Floating is null;
}
