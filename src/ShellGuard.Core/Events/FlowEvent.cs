namespace ShellGuard.Core.Events;

/// <summary>The flow graph changed. Replayed in their order, these give the graph again. Tags stand by their names, because
/// a number means something under one policy only.</summary>
/// <param name="Operation">How. It says which of the fields are used.</param>
public sealed record FlowEvent(FlowOperationKind Operation) : JournalEvent(EventKind.Flow)
{
    /// <summary>The node that it is about; of an edge or a passage, where it begins.</summary>
    public int Node { get; init; }

    /// <summary>The other node, where there are two.</summary>
    public int? Other { get; init; }

    /// <summary>A node's name, or what was acquired.</summary>
    public string Name { get; init; } = "";

    /// <summary>Sources: a cell's or layer's label, a service's, a person's clearance, what was acquired.</summary>
    public IReadOnlyList<string> Label { get; init; } = [];

    /// <summary>Sources that a cell may ever get.</summary>
    public IReadOnlyList<string> Clearance { get; init; } = [];

    /// <summary>Sinks: that a cell may hold, that a service leads to, that were acquired or dropped.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];

    /// <summary>Whether a service is a mailbox.</summary>
    public bool Mailbox { get; init; }

    /// <summary>An edge's number.</summary>
    public int? Edge { get; init; }

    /// <summary>A gate's name.</summary>
    public string Gate { get; init; } = "";

    /// <summary>The bits of a gate.</summary>
    public long Bits { get; init; }
}
