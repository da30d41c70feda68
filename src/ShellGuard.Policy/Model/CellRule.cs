using ShellGuard.Core;
using ShellGuard.Core.Flow;

namespace ShellGuard.Policy.Model;

/// <summary>A cell that a policy describes.</summary>
/// <param name="Name">As in <c>[cell.NAME]</c>.</param>
/// <param name="Label">The sources that it has from the start.</param>
/// <param name="Clearance">The sources that it may ever have, and as sinks all those that its own grants lead to.</param>
/// <param name="Commands">Names of programs, without a slash, that are run in it.</param>
/// <param name="Network">Its own grants only: what stands in <c>[network]</c> is the lobby's.</param>
/// <param name="Paths">What it has besides <c>[files]</c>.</param>
/// <param name="Rule">Where its table begins.</param>
public sealed record CellRule(
    string Name,
    TagSet Label,
    Clearance Clearance,
    IReadOnlyList<string> Commands,
    NetworkRules Network,
    IReadOnlyList<PathRule> Paths,
    RuleSource Rule)
{
    /// <summary>For a cell with a clearance: what becomes of it when what it asks for does not go with what it has.</summary>
    public LateAcquisition Late { get; init; }

    /// <summary>The variables of resources that its programs get, with what grants each.</summary>
    public IReadOnlyDictionary<string, RuleSource> Environment { get; init; } = new Dictionary<string, RuleSource>();

    /// <summary>What lets its programs set the clipboard of the person's terminal; null where nothing does.</summary>
    public RuleSource? Clipboard { get; init; }

    /// <summary>Whether its label can never grow.</summary>
    public bool Pinned => Clearance.Sources.IsSubsetOf(Label);
}
