using System.Collections.Concurrent;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <content>Cells whose label grows. The node of such a cell is there from its first command to the session's end, because
/// its files are; its processes come and go, and with the last of them every edge and every sink.</content>
internal sealed partial class Sides
{
    private readonly ConcurrentDictionary<LabelGroup, Afloat> _floating = [];
    private readonly Dictionary<CellRule, (LabelGroup Last, int Count)> _instances = [];

    /// <summary>Where running cells ask for more; set before any is opened.</summary>
    public Action<Acquisition> Asks { get; set; } = wanted => wanted.Answer(null);

    /// <summary>What a side knows now.</summary>
    public TagSet LabelOf(LabelGroup group) => group.Floating is null ? group.Label
        : _floating.TryGetValue(group, out Afloat? afloat) ? _flow.State[afloat.Node].History
        : TagSet.Empty;

    /// <summary>The cell of its kind that a command runs in: another one than before, where the policy says so and what the
    /// command needs does not go with what that one has.</summary>
    /// <param name="first">As the policy names it.</param>
    /// <param name="needed">What the command has to know.</param>
    public LabelGroup InstanceFor(LabelGroup first, TagSet needed)
    {
        CellRule rule = first.Floating!;
        (LabelGroup last, int count) = _instances.GetValueOrDefault(rule, (first, 1));
        if (rule.Late != LateAcquisition.Elsewhere || !_floating.TryGetValue(last, out Afloat? afloat))
        {
            return last;
        }

        bool fits = !afloat.IsFull && (needed.IsSubsetOf(LabelOf(last))
            || (!_running.ContainsKey(last) && _flow.State.Apply(new AcquireSource(afloat.Node, needed, "")).Allowed));
        if (!fits)
        {
            last = _groups.Afloat(rule, count + 1);
            _instances[rule] = (last, count + 1);
        }

        return last;
    }

    private FlowDenial? Open(LabelGroup group, CellRule rule, TagSet needed, out LabelCell? cell)
    {
        if (_running.TryGetValue(group, out cell))
        {
            return needed.IsSubsetOf(LabelOf(group))
                ? _turns.Resume(cell.Node)
                : throw new PlanException(
                    $"{group.Name} runs without {_walls.NamesOf(needed.Except(LabelOf(group)))}, and does not see such files: end what runs in it first");
        }

        Afloat afloat = _floating.TryGetValue(group, out Afloat? known) ? known : Begin(group, rule);
        AcquireSource acquire = new(afloat.Node, needed, $"files for {group.Name}");
        FlowState state = _flow.State;
        if (state.Apply(acquire).Refusal is { } refusal)
        {
            return new FlowDenial(state, acquire, refusal);
        }

        TagSet label = LabelOf(group) | needed;
        EffectivePolicy policy = _groups.PolicyOf(rule, label);
        CellPlan plan = PlanOf(group, rule, afloat, policy, label);
        if (_turns.Take(() => Enter(group, rule, afloat.Node, acquire, label)) is { } denial)
        {
            _turns.GiveBack();
            return denial;
        }

        try
        {
            cell = _running[group] = LabelCell.Make(
                _session, group, new PlannedCell(plan, []), policy, new FloatingEndpoints(_walls, Asks)).Begin(afloat.Node);
            _turns.Add(afloat.Node, cell.Init);
            return null;
        }
        catch
        {
            Rest(afloat.Node);
            _turns.GiveBack();
            throw;
        }
    }

    private Afloat Begin(LabelGroup group, CellRule rule)
    {
        Afloat afloat = _floating[group] = new Afloat(_flow.State.NextNode);
        Demand(_ => new CreateCell(afloat.Node, group.Name, null, TagSet.Empty, rule.Clearance));
        Demand(FlowKeeper.Edge(afloat.Node, Person));
        Rest(afloat.Node);
        return afloat;
    }

    /// <summary>No process of it is left: its namespaces are gone, and with them every socket and every pipe.</summary>
    private void Rest(NodeId node)
    {
        FlowNode cell = _flow.State[node];
        foreach (FlowEdge edge in cell.Out.AddRange(cell.In))
        {
            if (edge.To != Person)
            {
                Demand(_ => new Disconnect(edge));
            }
        }

        Demand(_ => new FreezeCell(node));
    }

    /// <summary>A layer of its own for each view: overlayfs wants the same directories below an upper one.</summary>
    private CellPlan PlanOf(LabelGroup group, CellRule rule, Afloat afloat, EffectivePolicy policy, TagSet label)
    {
        int shown = rule.Paths.Count(path => _groups.IsShown(path, label));
        bool isNew = shown != afloat.Shown;
        string key = isNew ? $"{group.Key}-{afloat.Layers.Count + 1}" : afloat.Key;
        IEnumerable<IReadOnlyList<LayerPlan>> own = isNew ? afloat.Layers : afloat.Layers.Take(afloat.Layers.Count - 1);
        LabelView view = new(key, [.. own.Reverse().SelectMany(layers => layers), .. LayersBelow(group, label)]);
        CellPlan plan = PlanOf(group.Name, policy, view);
        if (isNew)
        {
            Prepare(group.Name, plan, key, label);
            afloat.Layers.Add([.. plan.View.Layers, .. plan.View.Kept]);
            afloat.Shown = shown;
            afloat.Key = key;
        }

        return plan;
    }

    /// <summary>What it has from the start of its processes: files. The network comes when it is asked for.</summary>
    private FlowDenial? Enter(LabelGroup group, CellRule rule, NodeId node, AcquireSource acquire, TagSet label)
    {
        List<Func<FlowState, FlowOperation>> operations = [_ => acquire, _ => new ThawCell(node)];
        foreach ((LabelGroup other, Side side) in _sides)
        {
            if (other.Label.IsSubsetOf(label))
            {
                operations.Add(FlowKeeper.Edge(side.Layer, node));
            }
        }

        AddCommitted(operations, node, label);
        foreach (TaggedResource resource in _walls.Resources)
        {
            PathRule[] shown =
            [
                .. rule.Paths.Where(path => path.Mode != PathMode.Hidden && resource.HasPath(path.Path) && _groups.IsShown(path, label)),
            ];
            if (shown.Length > 0)
            {
                operations.Add(FlowKeeper.Edge(_services[resource], node));
            }

            if (Array.Exists(shown, path => path.Mode == PathMode.Direct))
            {
                operations.Add(FlowKeeper.Edge(node, _services[resource]));
            }
        }

        AddPlaces(operations, node, group);
        return _flow.Apply([.. operations]);
    }

    /// <param name="node">Its node in the flow graph.</param>
    private sealed class Afloat(NodeId node)
    {
        public NodeId Node { get; } = node;

        /// <summary>Its layers, one for each view that it had.</summary>
        public List<IReadOnlyList<LayerPlan>> Layers { get; } = [];

        /// <summary>How many of the policy's paths its last view shows.</summary>
        public int Shown { get; set; } = -1;

        /// <summary>The directory of its last layer.</summary>
        public string Key { get; set; } = "";

        /// <summary>Whether the next command gets another one.</summary>
        public bool IsFull { get; set; }
    }
}
