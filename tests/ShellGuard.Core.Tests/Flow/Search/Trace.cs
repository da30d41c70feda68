using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>One random walk of the model beside its oracles. The seed says everything.</summary>
internal sealed class Trace
{
    public const int Longest = 200;

    private const int MovesAStep = 2;

    private readonly Lot _lot;
    private readonly Terms _terms;
    private readonly uint[] _bits;
    private readonly WorstCase _world;
    private readonly WorstCase _trial;
    private readonly ByteWorld _bytes;
    private readonly Events _events;
    private readonly OperationMaker _maker;
    private readonly List<FlowOperation> _done = [];
    private readonly Watch _watch;
    private FlowState _state;

    /// <param name="without">A rule that the model lacks.</param>
    public Trace(ulong seed, Watch watch = Watch.Everything, FlowRule? without = null)
    {
        _lot = new Lot(seed);
        _terms = Terms.Random(_lot);
        _world = new WorstCase(_terms);
        _trial = new WorstCase(_terms);
        _bytes = new ByteWorld(_terms, _world, _lot);
        _events = new Events(_terms);
        _maker = new OperationMaker(_terms, _world, _lot);
        _watch = watch;
        FlowPolicy policy = _terms.ToPolicy();
        _bits = Terms.BitsOf(policy);
        _state = FlowState.Empty(without is { } rule ? policy.Without(rule) : policy);
    }

    public FlowState State => _state;

    /// <summary>The operations that were allowed: the journal.</summary>
    public IReadOnlyList<FlowOperation> Done => _done;

    public int Refused { get; private set; }

    /// <summary>Walks until something is found, or to the end: null.</summary>
    /// <param name="looked">Told of each state on the way.</param>
    public Finding? Run(Action<FlowState>? looked = null)
    {
        int length = 1 + Math.Min(_lot.Below(Longest), _lot.Below(Longest));
        for (int i = 0; i < length && _maker.Draw(_state.NextEdge) is { } operation; i++)
        {
            FlowDecision decision = _state.Apply(operation);
            Finding? finding = decision.Refusal is { } refusal
                ? OfRefusal(operation, refusal)
                : OfStep(operation, decision);
            if (finding is not null)
            {
                return finding with { What = $"{finding.What}, after {_done.Count} operations, at {operation}" };
            }

            looked?.Invoke(_state);
        }

        _bytes.Settle();
        return LeakOrNull();
    }

    private Finding? OfStep(FlowOperation operation, FlowDecision decision)
    {
        if (_watch != Watch.Bytes && operation is EndCell end && decision.Exit != _world.ReportOf(end.Cell.Value))
        {
            ExitReport due = _world.ReportOf(end.Cell.Value);
            return decision.Exit < due
                ? new Finding(FindingKind.Unjustified, $"{decision.Exit} where {due} is due")
                : new Finding(FindingKind.Broken, $"{decision.Exit} where only {due} may be told");
        }

        Violation violation = _world.Do(operation, decision.Exit);
        _bytes.Do(operation, decision.Exit);
        _done.Add(operation);
        _state = decision.State;
        _events.Note(operation, _state.Step);
        for (int move = 0; move < MovesAStep; move++)
        {
            _bytes.Move();
        }

        bool broken = violation.Kind != ViolationKind.None && _watch != Watch.Bytes;
        return LeakOrNull()
            ?? (broken ? new Finding(FindingKind.Broken, $"{violation}") : null)
            ?? (_watch == Watch.Everything ? DifferenceOrNull() : null);
    }

    /// <summary>Does on a copy what was refused, and expects what the refusal said.</summary>
    private Finding? OfRefusal(FlowOperation operation, FlowRefusal refusal)
    {
        Refused++;
        if (_watch == Watch.Bytes)
        {
            return null;
        }

        Violation sought = refusal.Reason switch
        {
            RefusalReason.Conflict => new(ViolationKind.Conflict, NumberOf(refusal.Conflict!), refusal.Node.Value),
            RefusalReason.Clearance => new(ViolationKind.Clearance, -1, refusal.Node.Value),
            RefusalReason.Exclusive => new(ViolationKind.Exclusive, NumberOf(refusal.Conflict!), -1),
            RefusalReason.Budget => new(ViolationKind.Budget, -1, -1),
            _ => default,
        };
        _trial.CopyFrom(_world);
        _trial.Do(operation, ExitReport.Nothing, sought);
        if (!_trial.SoughtSeen)
        {
            return new Finding(FindingKind.Unjustified, $"{refusal.Reason}, expected {sought} and found {_trial.First}");
        }

        return _lot.OneIn(16) ? OfExplanation(operation, refusal) : null;
    }

    private Finding? OfExplanation(FlowOperation operation, FlowRefusal refusal)
    {
        int known = _events.Count;
        _events.Note(operation, _state.Step + 1);
        try
        {
            foreach (TagPath path in FlowExplanation.Of(refusal).Paths)
            {
                if (_events.Doubt(path, refusal, _trial) is { } doubt)
                {
                    return new Finding(FindingKind.Unjustified, doubt);
                }
            }
        }
        catch (InvalidOperationException e)
        {
            return new Finding(FindingKind.Unjustified, e.Message);
        }

        _events.Forget(known);
        foreach (WayOn way in WaysOn.Of(_state, operation, refusal))
        {
            if (!Leads(way, operation))
            {
                return new Finding(FindingKind.Unjustified, $"{way} leads nowhere");
            }
        }

        return null;
    }

    /// <summary>Whether a way on is one: goes it in the oracle's world, and breaks nothing.</summary>
    private bool Leads(WayOn way, FlowOperation operation)
    {
        IEnumerable<FlowOperation> before = way switch
        {
            WayOn.Sever sever => sever.Cuts,
            WayOn.FreezeOthers freeze => freeze.Cells,
            _ => [],
        };
        if (way is WayOn.Elsewhere or WayOn.ThroughGate)
        {
            // A node more, or a gate that is filled first: the examples show these.
            return true;
        }

        _trial.CopyFrom(_world);
        return before.Append(operation).All(step => _trial.Do(step, ExitReport.Nothing).Kind == ViolationKind.None);
    }

    private Finding? LeakOrNull() => _bytes.LeakedTo < 0 ? null : new Finding(FindingKind.Leak, $"to sink {_bytes.LeakedTo}");

    private Finding? DifferenceOrNull()
    {
        for (int i = 0; i < _state.Nodes.Length; i++)
        {
            FlowNode node = _state.Nodes[i];
            if (ToBits(node.History) != _world.Origins[i] || ToBits(node.Held) != _world.Held[i]
                || ToBits(node.Reach) != _world.Reach[i] || ToBits(node.Reached) != _world.Ever[i])
            {
                return new Finding(
                    FindingKind.Differs,
                    $"{node.Id}: {node.History} {node.Held} {node.Reach} {node.Reached} instead of "
                    + $"{_world.Origins[i]:b} {_world.Held[i]:b} {_world.Reach[i]:b} {_world.Ever[i]:b}");
            }
        }

        return null;
    }

    private uint ToBits(TagSet tags)
    {
        uint bits = 0;
        for (int tag = 0; tag < _bits.Length && !tags.IsEmpty; tag++)
        {
            bits |= tags.Contains(new Tag(tag)) ? _bits[tag] : 0;
        }

        return bits;
    }

    private int NumberOf(ConflictSet conflict) => _state.Policy.Conflicts.IndexOf(conflict);
}
