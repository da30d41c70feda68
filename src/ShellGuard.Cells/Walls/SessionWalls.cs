using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Cells.Walls;

/// <summary>What must not meet in a session, and which of the host's trees carry tags: by that its files are judged when they
/// are committed. Kept with the session, because its policy may have changed by then.</summary>
/// <param name="Flow">Tags, conflict sets and gates.</param>
/// <param name="Trees">Which of the host's trees carry tags.</param>
public sealed record SessionWalls(FlowPolicy Flow, IReadOnlyList<TaggedTree> Trees)
{
    internal static SessionWalls Of(WallRules walls) => new(
        walls.Flow,
        [
            .. walls.Resources.Where(resource => resource.Paths.Count > 0).Select(
                resource => new TaggedTree(resource.Name, resource.Paths, resource.Sources, resource.Sinks, resource.Opaque)),
        ]);

    /// <summary>Whether a file with this label may not come to a path of the host.</summary>
    /// <param name="label">The names of its tags.</param>
    /// <param name="path">Absolute and normalised.</param>
    /// <param name="why">Conflict, path and way on, in one line.</param>
    public bool Forbids(IEnumerable<string> label, string path, [NotNullWhen(true)] out string? why)
    {
        TagSet known = TagSet.Empty;
        why = null;
        foreach (string name in label)
        {
            if (!Flow.TryFind(name, out Tag tag))
            {
                why = $"its label has {SafeText.Message(name)}, which the session's policy did not have";
                return true;
            }

            known |= TagSet.Of(tag);
        }

        FlowState state = FlowState.Empty(Flow);
        NodeId file = state.NextNode;
        state = state.Apply(new CreateCell(file, Path.GetFileName(path), null, known, Clearance.Everything)).State;
        foreach (TaggedTree tree in Trees.Where(tree => tree.Has(path)))
        {
            NodeId place = state.NextNode;
            state = state.Apply(new CreateService(place, tree.Name, tree.Sources, tree.Sinks, Mailbox: !tree.Opaque)).State;
            Connect put = new(new FlowEdge(state.NextEdge, file, place));
            if (state.Apply(put).Refusal is { } refusal)
            {
                why = $"{new FlowDenial(state, put, refusal).Reason(WallText.Words)}; way on: {WayOn(refusal)}";
                return true;
            }
        }

        return false;
    }

    private string WayOn(FlowRefusal refusal)
    {
        string[] gates =
        [
            .. Flow.Gates.Where(gate => gate.From.Overlaps(refusal.Tags) && gate.To.Overlaps(refusal.Tags))
                .Select(gate => $"what passes the gate {gate.Name} in a session"),
        ];
        return SafeText.Message(string.Join(", or ", ["another directory", .. gates]));
    }
}
