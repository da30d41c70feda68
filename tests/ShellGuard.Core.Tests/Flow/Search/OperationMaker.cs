using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>Draws an operation that makes sense in the world as it is; whether it is allowed is for the model.</summary>
internal sealed class OperationMaker(Terms terms, WorstCase world, Lot lot)
{
    private const int MostEdges = 14;
    private const int Patience = 100;

    /// <summary>Null where nobody is left who could do anything.</summary>
    public FlowOperation? Draw(int nextEdge)
    {
        for (int attempt = 0; attempt < Patience; attempt++)
        {
            FlowOperation? operation = world.Count < 3 ? Node() : lot.Below(20) switch
            {
                0 or 1 or 2 => Node(),
                3 or 4 or 5 => Cell() is { } cell ? new AcquireSource(cell, Tags(), "file") : null,
                6 or 7 or 8 => Cell() is { } cell ? new AcquireSink(cell, Tags(), "socket") : null,
                9 => Cell() is { } cell ? new DropSink(cell, Terms.ToSet(world.Held[cell.Value])) : null,
                10 or 11 or 12 or 13 => Edge(nextEdge),
                14 => Cut(),
                15 => Publication(),
                16 => Cell() is { } cell && lot.OneIn(2) ? new EndCell(cell) : null,
                17 => Cell() is not { } cell ? null : world.IsFrozen(cell.Value) ? new ThawCell(cell) : new FreezeCell(cell),
                18 => terms.Doors.IsEmpty ? null : new FillGate(lot.Below(terms.Doors.Length), lot.Below(10)),
                _ => Passage(),
            };
            if (operation is not null)
            {
                return operation;
            }
        }

        return null;
    }

    private FlowOperation? Node()
    {
        if (world.Count == WorstCase.MostNodes)
        {
            return null;
        }

        NodeId node = new(world.Count);
        switch (lot.Below(world.Count == 0 ? 1 : 10))
        {
            case 0 or 1 or 2 or 3 or 4:
                TagSet label = lot.OneIn(2) ? TagSet.Empty : Tags();
                Clearance clearance = lot.Below(4) switch
                {
                    0 => Clearance.Pinned(label, Tags()),
                    1 => new Clearance(label | Tags() | Tags(), Tags() | Tags()),
                    _ => Clearance.Everything,
                };
                return new CreateCell(node, "cell", lot.OneIn(2) ? Cell() : null, label, clearance);
            case 5 or 6:
                return new CreateLayer(node, "layer", lot.OneIn(3) ? TagSet.Empty : Tags() | Tags());
            case 7 or 8:
                return new CreateService(
                    node, "service", lot.OneIn(2) ? TagSet.Empty : Tags(), lot.OneIn(2) ? TagSet.Empty : Tags(), lot.OneIn(2));
            default:
                return new CreateHuman(node, "person", Tags() | Tags() | Tags());
        }
    }

    private Connect? Edge(int number)
    {
        NodeId one = new(lot.Below(world.Count)), other = new(lot.Below(world.Count));
        bool possible = world.Edges.Count < MostEdges && one != other
            && !world.HasEnded(one.Value) && !world.HasEnded(other.Value)
            && (world.KindOf(one.Value) == NodeKind.Cell || world.KindOf(other.Value) == NodeKind.Cell);
        return possible ? new Connect(new FlowEdge(number, one, other)) : null;
    }

    private Disconnect? Cut() =>
        world.Edges.Count == 0 ? null : new Disconnect(world.Edges[lot.Below(world.Edges.Count)]);

    private PublishLayer? Publication()
    {
        int cell = lot.Below(world.Count), layer = lot.Below(world.Count);
        return world.KindOf(cell) == NodeKind.Cell && world.KindOf(layer) == NodeKind.Layer
            ? new PublishLayer(new NodeId(cell), new NodeId(layer))
            : null;
    }

    private PassGate? Passage()
    {
        NodeId from = new(lot.Below(world.Count));
        return terms.Doors.IsEmpty || Cell() is not { } to || to == from
            ? null
            : new PassGate(lot.Below(terms.Doors.Length), from, to, 1 + lot.Below(5));
    }

    private NodeId? Cell()
    {
        int node = lot.Below(world.Count + 1);
        return node < world.Count && world.IsLiveCell(node) ? new NodeId(node) : null;
    }

    private TagSet Tags()
    {
        TagSet tags = TagSet.Of(new Tag(lot.Below(Terms.Tags)));
        return lot.OneIn(4) ? tags | TagSet.Of(new Tag(lot.Below(Terms.Tags))) : tags;
    }
}
