using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>What one source says of walls. Tags are names still: another source may declare them.</summary>
internal sealed class WallLayer
{
    public List<LayerTag> Tags { get; } = [];

    public List<LayerResource> Resources { get; } = [];

    public List<LayerConflict> Conflicts { get; } = [];

    public List<LayerCell> Cells { get; } = [];

    public List<LayerGate> Gates { get; } = [];

    public bool IsEmpty =>
        Tags.Count == 0 && Resources.Count == 0 && Conflicts.Count == 0 && Cells.Count == 0 && Gates.Count == 0;
}

internal sealed record LayerTag(string Name, string Meaning, RuleSource Rule);

internal sealed record LayerResource(
    string Name,
    IReadOnlyList<EndpointPattern> Endpoints,
    IReadOnlyList<string> Paths,
    IReadOnlyList<LayerEntry<string>> Environment,
    IReadOnlyList<LayerEntry<string>> Sources,
    IReadOnlyList<LayerEntry<string>> Sinks,
    bool Opaque,
    bool Clipboard,
    RuleSource Rule);

internal sealed record LayerConflict(
    string Name, int AtMost, IReadOnlyList<LayerEntry<string>> Members, ConflictMode Mode, bool Exclusive, RuleSource Rule);

/// <param name="Clearance">Null where the cell is pinned to its label.</param>
/// <param name="Late">For one that is not.</param>
/// <param name="Clipboard">What grants the clipboard; null where nothing does.</param>
internal sealed record LayerCell(
    string Name,
    IReadOnlyList<LayerEntry<string>> Label,
    IReadOnlyList<LayerEntry<string>>? Clearance,
    LateAcquisition Late,
    IReadOnlyList<LayerEntry<string>> Commands,
    IReadOnlyList<NetworkRule> Network,
    IReadOnlyList<PathRule> Paths,
    IReadOnlyList<LayerEntry<string>> Environment,
    RuleSource? Clipboard,
    RuleSource Rule);

/// <param name="Capacity">In bits.</param>
internal sealed record LayerGate(
    string Name,
    GateKind Kind,
    IReadOnlyList<LayerEntry<string>> From,
    IReadOnlyList<LayerEntry<string>> To,
    long Capacity,
    FilterRule? Filter,
    ApprovalRule? Approval,
    RuleSource Rule);
