using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Asks a policy what can get where. Nothing needs to run for it: the flow model is asked about the cells that
/// there could be.</summary>
public sealed class WallQuestion
{
    private readonly WallRules _walls;
    private readonly SharedPlace[] _places;
    private readonly CellRule _cell;
    private readonly Tag _tag;
    private readonly bool _isSink;
    private readonly TaggedResource[] _resources;

    private WallQuestion(WallRules walls, EffectivePolicy policy, CellRule cell, Tag tag, bool isSink)
    {
        _walls = walls;
        _places = [.. SharedPlace.Of(walls, policy)];
        _cell = cell;
        _tag = tag;
        _isSink = isSink;
        _resources = [.. walls.Resources.Where(HasTag)];
    }

    /// <summary>Can data of this cell get to the sink?</summary>
    public static WallAnswer CanReach(WallRules walls, EffectivePolicy policy, CellRule cell, Tag sink) =>
        new WallQuestion(walls, policy, cell, sink, isSink: true).Answer();

    /// <summary>Can data of this source get to the cell?</summary>
    public static WallAnswer CanGet(WallRules walls, EffectivePolicy policy, CellRule cell, Tag source) =>
        new WallQuestion(walls, policy, cell, source, isSink: false).Answer();

    private WallAnswer Answer()
    {
        WallModel alone = With(_cell);
        WallAnswer answer = AnswerBy(alone) ?? new WallAnswer(_cell, _tag, _isSink, false, alone.State);
        List<CellRule> others = [];
        foreach (CellRule other in _walls.Cells.Where(other => other.Name != _cell.Name))
        {
            if (PathOf(With(other), other) is null)
            {
                continue;
            }

            others.Add(other);
            if (!answer.Yes)
            {
                answer = Relayed(other) is { } relayed && (relayed.Yes || answer.Refusal is null) ? relayed : answer;
            }
        }

        if (answer is { Yes: false, Refusal: null })
        {
            answer = Handed(alone) ?? answer;
        }

        return answer with
        {
            Others = others,
            Resources = _resources,
            Untagged = _isSink ? [.. _walls.UntaggedRulesOf(_cell)] : [],
        };
    }

    /// <summary>Over a relay between the cell and another one that can.</summary>
    private WallAnswer? Relayed(CellRule other)
    {
        WallModel model = With(_cell);
        model.Add(other, HasTag);
        if (model.NodeOf(_cell) is not { } here || model.NodeOf(other) is not { } there)
        {
            return null;
        }

        if (PathOf(model, _cell) is not null)
        {
            return AnswerBy(model) is { } joined ? joined with { Through = other } : null;
        }

        Connect relay = new(new FlowEdge(model.State.NextEdge, _isSink ? here : there, _isSink ? there : here));
        FlowDecision decision = model.State.Apply(relay);
        WallAnswer answer = new(_cell, _tag, _isSink, decision.Allowed, decision.State) { Through = other };
        return decision.Refusal is { } refusal
            ? WithRefusal(answer, relay, refusal)
            : answer with { Path = PathOf(decision.State, here), Instead = InsteadOf(decision.State, here) };
    }

    /// <summary>If the policy granted the cell a resource that has the tag: why not even then. Null where it would do.
    /// </summary>
    private WallAnswer? Handed(WallModel alone)
    {
        if (alone.NodeOf(_cell) is not { } cell)
        {
            return alone.Refusals.FirstOrDefault(r => r.Cell == _cell) is { } refused
                ? WithRefusal(new WallAnswer(_cell, _tag, _isSink, false, refused.State), refused.Operation, refused.Refusal)
                : null;
        }

        foreach (TaggedResource resource in _resources)
        {
            if (alone.NodeOf(resource) is not { } service)
            {
                continue;
            }

            Connect edge = new(new FlowEdge(alone.State.NextEdge, _isSink ? cell : service, _isSink ? service : cell));
            if (alone.State.Apply(edge).Refusal is { } refusal)
            {
                return WithRefusal(new WallAnswer(_cell, _tag, _isSink, false, alone.State), edge, refusal);
            }
        }

        return null;
    }

    /// <summary>A session in which this cell is. A floating one has taken nothing yet but what is asked about.</summary>
    private WallModel With(CellRule cell)
    {
        WallModel model = new(_walls, _places);
        model.Add(cell, resource => cell.Pinned || HasTag(resource));
        return model;
    }

    private WallAnswer? AnswerBy(WallModel model) => model.NodeOf(_cell) is { } cell && PathOf(model.State, cell) is { } path
        ? new WallAnswer(_cell, _tag, _isSink, true, model.State) { Path = path, Instead = InsteadOf(model.State, cell) }
        : null;

    private TagPath? PathOf(WallModel model, CellRule cell) =>
        model.NodeOf(cell) is { } node ? PathOf(model.State, node) : null;

    private TagPath? PathOf(FlowState state, NodeId node) =>
        _isSink ? state.PathToSink(node, _tag) : state.PathFromSource(node, _tag);

    /// <summary>What a floating cell can get as long as it does without what was asked about.</summary>
    private TagSet InsteadOf(FlowState state, NodeId node)
    {
        TagSet instead = TagSet.Empty;
        foreach (Tag source in _cell.Clearance.Sources.Except(state[node].History))
        {
            TagSet one = TagSet.Of(source);
            instead |= state.Apply(new AcquireSource(node, one, "")).Allowed ? TagSet.Empty : one;
        }

        return instead;
    }

    private static WallAnswer WithRefusal(WallAnswer answer, FlowOperation operation, FlowRefusal refusal) => answer with
    {
        Refused = operation,
        Refusal = refusal,
        WaysOn = [.. WaysOn.Of(answer.State, operation, refusal).OfType<WayOn.ThroughGate>()],
    };

    private bool HasTag(TaggedResource resource) => (_isSink ? resource.Sinks : resource.Sources).Contains(_tag);
}
