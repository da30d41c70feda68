using System.Numerics;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>The naive recomputation: the world in which everybody sends all that they have, everywhere they can, at
/// once. It does what it is told, allowed or not, and then looks at everything. It knows no labels, only origins of
/// bytes; nothing is incremental but what bytes do.</summary>
internal sealed class WorstCase(Terms terms)
{
    public const int MostNodes = 12;

    private readonly NodeKind[] _kinds = new NodeKind[MostNodes];
    private readonly bool[] _conducts = new bool[MostNodes];
    private readonly uint[] _seen = new uint[MostNodes];
    private readonly uint[] _mayKnow = new uint[MostNodes];
    private readonly uint[] _mayHold = new uint[MostNodes];
    private readonly int[] _parents = new int[MostNodes];
    private readonly bool[] _frozen = new bool[MostNodes];
    private readonly bool[] _ended = new bool[MostNodes];
    private readonly List<FlowEdge> _edges = [];
    private readonly long[] _left = new long[4];

    public int Count { get; private set; }

    /// <summary>The origins that a node's bytes may have.</summary>
    public uint[] Origins { get; } = new uint[MostNodes];

    /// <summary>The sinks that a node has itself.</summary>
    public uint[] Held { get; } = new uint[MostNodes];

    /// <summary>The sinks that a node's bytes get to.</summary>
    public uint[] Reach { get; } = new uint[MostNodes];

    /// <summary>The sinks that a node's bytes, or its ancestors', ever got to.</summary>
    public uint[] Ever { get; } = new uint[MostNodes];

    public IReadOnlyList<FlowEdge> Edges => _edges;

    /// <summary>The first thing wrong at any moment of the last operation.</summary>
    public Violation First { get; private set; }

    /// <summary>What a refusal said would be wrong, and whether it was.</summary>
    public Violation Sought { get; private set; }

    public bool SoughtSeen { get; private set; }

    public NodeKind KindOf(int node) => _kinds[node];

    public bool Conducts(int node) => _conducts[node];

    public bool IsLiveCell(int node) => _kinds[node] == NodeKind.Cell && !_ended[node];

    public bool IsFrozen(int node) => _frozen[node];

    public bool HasEnded(int node) => _ended[node];

    public int ParentOf(int node) => _parents[node];

    public void CopyFrom(WorstCase other)
    {
        Array.Copy(other._kinds, _kinds, MostNodes);
        Array.Copy(other._conducts, _conducts, MostNodes);
        Array.Copy(other._seen, _seen, MostNodes);
        Array.Copy(other._mayKnow, _mayKnow, MostNodes);
        Array.Copy(other._mayHold, _mayHold, MostNodes);
        Array.Copy(other._parents, _parents, MostNodes);
        Array.Copy(other._frozen, _frozen, MostNodes);
        Array.Copy(other._ended, _ended, MostNodes);
        Array.Copy(other._left, _left, _left.Length);
        Array.Copy(other.Origins, Origins, MostNodes);
        Array.Copy(other.Held, Held, MostNodes);
        Array.Copy(other.Reach, Reach, MostNodes);
        Array.Copy(other.Ever, Ever, MostNodes);
        Count = other.Count;
        _edges.Clear();
        _edges.AddRange(other._edges);
    }

    /// <summary>What the parent of a cell that ends may be told.</summary>
    public ExitReport ReportOf(int cell)
    {
        int parent = _parents[cell];
        if (parent < 0 || _ended[parent])
        {
            return ExitReport.Nothing;
        }

        bool higher = (Origins[cell] & ~Origins[parent]) == 0;
        return higher ? ExitReport.Status : terms.Strict ? ExitReport.Nothing : ExitReport.Bit;
    }

    /// <summary>Does an operation and looks at the consequences.</summary>
    /// <param name="told">For the end of a cell, what its parent was told.</param>
    public Violation Do(FlowOperation operation, ExitReport told, Violation sought = default)
    {
        First = default;
        Sought = sought;
        SoughtSeen = false;
        switch (operation)
        {
            case CreateCell create:
                int cell = Add(NodeKind.Cell, true, Bits(create.Clearance.Sources), Bits(create.Clearance.Sinks));
                Origins[cell] = Bits(create.Label);
                _parents[cell] = create.Parent?.Value ?? -1;
                if (create.Parent is { } parent)
                {
                    Origins[cell] |= Origins[parent.Value];
                    Ever[cell] |= Ever[parent.Value];
                }

                break;
            case CreateLayer create:
                Origins[Add(NodeKind.Layer, true, Bits(create.Label), 0)] = Bits(create.Label);
                break;
            case CreateService create:
                int service = Add(NodeKind.Service, create.Mailbox, Terms.Plain, Terms.Plain);
                Origins[service] = Bits(create.Sources);
                Held[service] = Bits(create.Sinks);
                break;
            case CreateHuman create:
                Add(NodeKind.Human, false, Bits(create.Clearance), 0);
                break;
            case AcquireSource acquire:
                Origins[acquire.Cell.Value] |= Bits(acquire.Tags);
                break;
            case AcquireSink acquire:
                Held[acquire.Cell.Value] |= Bits(acquire.Tags);
                break;
            case DropSink drop:
                Held[drop.Cell.Value] &= ~Bits(drop.Tags);
                break;
            case Connect connect:
                _edges.Add(connect.Edge);
                break;
            case Disconnect disconnect:
                _edges.Remove(disconnect.Edge);
                break;
            case PublishLayer publish:
                FlowEdge passing = new(-1, publish.Cell, publish.Layer);
                _edges.Add(passing);
                Look();
                _edges.Remove(passing);
                break;
            case EndCell end:
                End(end.Cell.Value, told);
                break;
            case FreezeCell freeze:
                _frozen[freeze.Cell.Value] = true;
                break;
            case ThawCell thaw:
                _frozen[thaw.Cell.Value] = false;
                break;
            case FillGate fill:
                Spend(fill.Bits <= terms.Doors[fill.Gate].Capacity);
                _left[fill.Gate] = fill.Bits;
                break;
            case PassGate pass:
                Spend(pass.Bits <= _left[pass.Gate]);
                _left[pass.Gate] = terms.Doors[pass.Gate].Approval ? 0 : _left[pass.Gate] - pass.Bits;
                Origins[pass.To.Value] |= terms.Behind(Origins[pass.From.Value], pass.Gate);
                break;
        }

        Look();
        return First;
    }

    public static uint Bits(TagSet tags)
    {
        uint bits = 0;
        for (int tag = 0; tag < Terms.Tags; tag++)
        {
            bits |= tags.Contains(new Tag(tag)) ? 1u << tag : 0;
        }

        return bits;
    }

    private int Add(NodeKind kind, bool conducts, uint mayKnow, uint mayHold)
    {
        int node = Count++;
        _kinds[node] = kind;
        _conducts[node] = conducts;
        _mayKnow[node] = mayKnow;
        _mayHold[node] = mayHold;
        _parents[node] = -1;
        _frozen[node] = _ended[node] = false;
        Origins[node] = Held[node] = Ever[node] = _seen[node] = 0;
        return node;
    }

    private void End(int cell, ExitReport told)
    {
        _edges.RemoveAll(edge => edge.From.Value == cell || edge.To.Value == cell);
        Held[cell] = 0;
        _ended[cell] = true;
        if (told == ExitReport.Status && _parents[cell] >= 0)
        {
            Origins[_parents[cell]] |= Origins[cell];
        }
    }

    private void Spend(bool within) => Note(within ? default : new Violation(ViolationKind.Budget, -1, -1));

    /// <summary>Lets everything flow until nothing moves any more, then looks at every node and every bound.</summary>
    private void Look()
    {
        Array.Copy(Held, Reach, Count);
        for (bool moved = true; moved;)
        {
            moved = false;
            foreach (FlowEdge edge in _edges)
            {
                int from = edge.From.Value, to = edge.To.Value;
                uint arrive = Origins[from] & ~(_conducts[to] ? Origins[to] : _seen[to]);
                uint sinks = (_conducts[to] ? Reach[to] : Held[to]) & ~Reach[from];
                if (_conducts[to])
                {
                    Origins[to] |= arrive;
                }

                _seen[to] |= arrive;
                Reach[from] |= _conducts[from] ? sinks : 0;
                moved |= arrive != 0 || (sinks != 0 && _conducts[from]);
            }
        }

        for (int node = 0; node < Count; node++)
        {
            Ever[node] |= Reach[node];
            uint known = (_conducts[node] ? Origins[node] : _seen[node]) & Terms.Plain;
            if (_kinds[node] != NodeKind.Service
                && ((known & ~_mayKnow[node]) != 0 || (Held[node] & ~_mayHold[node]) != 0))
            {
                Note(new Violation(ViolationKind.Clearance, -1, node));
            }
        }

        for (int bound = 0; bound < terms.Bounds.Length; bound++)
        {
            LookAt(bound);
        }
    }

    private void LookAt(int number)
    {
        Terms.Bound bound = terms.Bounds[number];
        uint together = 0;
        for (int node = 0; node < Count; node++)
        {
            uint sinks = bound.Wall ? Ever[node] : Reach[node];
            if (_conducts[node] && terms.Exceeds(bound, Origins[node], sinks))
            {
                Note(new Violation(ViolationKind.Conflict, number, node));
            }

            bool running = IsLiveCell(node) && !_frozen[node];
            together |= running ? ((Origins[node] & Terms.Plain) | sinks) & bound.Members : 0;
        }

        if (bound.Exclusive && BitOperations.PopCount(together) > bound.AtMost)
        {
            Note(new Violation(ViolationKind.Exclusive, number, -1));
        }
    }

    private void Note(Violation violation)
    {
        if (violation.Kind != ViolationKind.None)
        {
            First = First.Kind == ViolationKind.None ? violation : First;
            SoughtSeen |= violation == Sought;
        }
    }
}
