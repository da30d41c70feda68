using System.Numerics;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>The ground truth: bytes, where they are and where they came from. What was granted can be used at any later
/// time without asking again: bytes wait in relays, and arrive after the relay was cut. It sees what gets to sinks, and
/// knows nothing of labels, cells' records or invariants.</summary>
internal sealed class ByteWorld(Terms terms, WorstCase world, Lot lot)
{
    private readonly uint[] _bytes = new uint[WorstCase.MostNodes];

    // Of every relay there ever was: what waits in it, and for whom.
    private readonly List<(int To, uint Bytes)> _waiting = [];
    private readonly List<int> _numbers = [];

    /// <summary>The sink that bytes got to against a bound, or -1.</summary>
    public int LeakedTo { get; private set; } = -1;

    /// <summary>Does an operation that was allowed. The world has done it already: it says who is alive and what is
    /// connected, which is no secret.</summary>
    public void Do(FlowOperation operation, ExitReport told)
    {
        switch (operation)
        {
            case CreateCell create:
                _bytes[create.Cell.Value] = WorstCase.Bits(create.Label) | (create.Parent is { } parent ? _bytes[parent.Value] : 0);
                break;
            case CreateLayer create:
                _bytes[create.Layer.Value] = WorstCase.Bits(create.Label);
                break;
            case CreateService create:
                _bytes[create.Service.Value] = WorstCase.Bits(create.Sources);
                break;
            case CreateHuman create:
                _bytes[create.Human.Value] = 0;
                break;
            case AcquireSource acquire:
                _bytes[acquire.Cell.Value] |= WorstCase.Bits(acquire.Tags);
                break;
            case PublishLayer publish:
                _bytes[publish.Layer.Value] |= _bytes[publish.Cell.Value];
                break;
            case PassGate pass:
                _bytes[pass.To.Value] |= terms.Behind(_bytes[pass.From.Value], pass.Gate);
                break;
            case EndCell end when told == ExitReport.Status && world.ParentOf(end.Cell.Value) is >= 0 and var asker:
                _bytes[asker] |= _bytes[end.Cell.Value];
                break;
        }
    }

    /// <summary>Somebody does something that needs no permission any more.</summary>
    public void Move()
    {
        switch (lot.Below(3))
        {
            case 0 when world.Edges.Count > 0:
                Write(world.Edges[lot.Below(world.Edges.Count)]);
                break;
            case 1 when _waiting.Count > 0:
                Deliver(lot.Below(_waiting.Count));
                break;
            default:
                Send(lot.Below(world.Count));
                break;
        }
    }

    /// <summary>Everything that can move does.</summary>
    public void Settle()
    {
        for (int round = 0; round < world.Count; round++)
        {
            foreach (FlowEdge edge in world.Edges)
            {
                Write(edge);
            }

            for (int relay = 0; relay < _waiting.Count; relay++)
            {
                Deliver(relay);
            }
        }

        for (int node = 0; node < world.Count; node++)
        {
            Send(node);
        }
    }

    private void Write(FlowEdge edge)
    {
        if (world.IsFrozen(edge.From.Value))
        {
            return;
        }

        int relay = _numbers.IndexOf(edge.Number);
        if (relay < 0)
        {
            relay = _numbers.Count;
            _numbers.Add(edge.Number);
            _waiting.Add((edge.To.Value, 0));
        }

        _waiting[relay] = (edge.To.Value, _waiting[relay].Bytes | _bytes[edge.From.Value]);
    }

    private void Deliver(int relay)
    {
        (int to, uint bytes) = _waiting[relay];
        _waiting[relay] = (to, 0);
        if (world.HasEnded(to))
        {
            return;
        }

        if (world.Conducts(to))
        {
            _bytes[to] |= bytes;
        }
        else
        {
            Arrive(bytes, world.Held[to]);
        }
    }

    /// <summary>A node sends all that it has to every sink of its own.</summary>
    private void Send(int node)
    {
        if (world.Conducts(node) && !world.IsFrozen(node) && !world.HasEnded(node))
        {
            Arrive(_bytes[node], world.Held[node]);
        }
    }

    private void Arrive(uint bytes, uint sinks)
    {
        for (; sinks != 0; sinks &= sinks - 1)
        {
            int sink = BitOperations.TrailingZeroCount(sinks);
            uint met = terms.CountingAt(bytes, sink) | 1u << sink;
            foreach (Terms.Bound bound in terms.Bounds)
            {
                bool concerns = (bound.Members >> sink & 1) != 0;
                if (concerns && BitOperations.PopCount(met & bound.Members) > bound.AtMost)
                {
                    LeakedTo = sink;
                }
            }
        }
    }
}
