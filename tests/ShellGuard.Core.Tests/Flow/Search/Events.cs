using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>What really happened in a trace, to hold the model's explanations against: who was connected with whom
/// when, who took what.</summary>
internal sealed class Events(Terms terms)
{
    private readonly List<Event> _events = [];

    public int Count => _events.Count;

    public void Forget(int from) => _events.RemoveRange(from, _events.Count - from);

    public void Note(FlowOperation operation, long step)
    {
        switch (operation)
        {
            case CreateCell create:
                Add(ArrivalKind.Declared, create.Cell, create.Cell, step);
                if (create.Parent is { } parent)
                {
                    Add(ArrivalKind.Spawned, parent, create.Cell, step);
                }

                break;
            case CreateLayer create:
                Add(ArrivalKind.Declared, create.Layer, create.Layer, step);
                break;
            case CreateService create:
                Add(ArrivalKind.Declared, create.Service, create.Service, step);
                break;
            case AcquireSource acquire:
                Add(ArrivalKind.Acquired, acquire.Cell, acquire.Cell, step);
                break;
            case AcquireSink acquire:
                Add(ArrivalKind.Acquired, acquire.Cell, acquire.Cell, step);
                break;
            case Connect connect:
                _events.Add(new Event(ArrivalKind.Edge, connect.Edge.From, connect.Edge.To, connect.Edge.Number, step, long.MaxValue));
                break;
            case Disconnect disconnect:
                End(disconnect.Edge.Number, step);
                break;
            case PublishLayer publish:
                Add(ArrivalKind.Published, publish.Cell, publish.Layer, step);
                break;
            case PassGate pass:
                Add(ArrivalKind.Gate, pass.From, pass.To, step);
                break;
            case EndCell end:
                foreach (Event edge in _events.Where(edge =>
                    edge.Edge >= 0 && edge.Last == long.MaxValue && (edge.From == end.Cell || edge.To == end.Cell)).ToList())
                {
                    End(edge.Edge, step);
                }

                break;
        }
    }

    /// <summary>What is not true about a path, or null. The world is as it would be after the refused operation.</summary>
    public string? Doubt(TagPath path, FlowRefusal refusal, WorstCase world)
    {
        PathStep first = path.Steps[0], last = path.Steps[^1];
        NodeId meets = path.IsSink ? first.From : last.To;
        if (refusal.Reason != RefusalReason.Exclusive && meets != refusal.Node)
        {
            return $"the path does not touch {refusal.Node}";
        }

        if ((path.IsSink ? last : first).Kind is not (ArrivalKind.Acquired or ArrivalKind.Declared))
        {
            return "the path ends nowhere";
        }

        Tag end = refusal.Attempt.Policy.SourceOf(path.Tag);
        uint[] ends = path.IsSink ? world.Ever : world.Origins;
        NodeId node = path.IsSink ? last.To : first.From;
        bool asked = refusal.Reason == RefusalReason.Clearance;
        if (!asked && ((path.IsSink ? ends[node.Value] : AnyForm(ends[node.Value])) >> end.Number & 1) == 0)
        {
            return $"tag {end.Number} was never at {node}";
        }

        for (int i = 0; i < path.Steps.Length; i++)
        {
            PathStep step = path.Steps[i];
            bool inOrder = i == 0 || (path.Steps[i - 1].To == step.From
                && (path.IsSink || path.Steps[i - 1].Step <= step.Step));
            if (!inOrder || !Happened(step, path.IsSink))
            {
                return $"step {i} of {string.Join("; ", path.Steps)} did not happen";
            }
        }

        return null;
    }

    private uint AnyForm(uint origins)
    {
        uint plain = origins & Terms.Plain;
        for (int door = 0; door < terms.Doors.Length; door++)
        {
            plain |= Terms.Through(origins, door);
        }

        return plain;
    }

    private bool Happened(PathStep step, bool towardsSink) => _events.Exists(happened =>
        happened.First <= step.Step && step.Step <= happened.Last
        && happened.Kind == step.Kind
        && ((happened.From == step.From && happened.To == step.To)
            || (towardsSink && step.Kind == ArrivalKind.Spawned && happened.From == step.To && happened.To == step.From)));

    private void Add(ArrivalKind kind, NodeId from, NodeId to, long step) =>
        _events.Add(new Event(kind, from, to, -1, step, step));

    private void End(int edge, long step)
    {
        int index = _events.FindIndex(happened => happened.Edge == edge);
        _events[index] = _events[index] with { Last = step - 1 };
    }

    private readonly record struct Event(ArrivalKind Kind, NodeId From, NodeId To, int Edge, long First, long Last);
}
