namespace ShellGuard.Core.Flow;

/// <summary>How a tag came to a node. The numbers are frozen: they stand in journals.</summary>
public enum ArrivalKind
{
    /// <summary>The node was made with it.</summary>
    Declared = 0,

    /// <summary>The node took it itself.</summary>
    Acquired = 1,

    /// <summary>Over an edge.</summary>
    Edge = 2,

    /// <summary>From the parent, when the cell was made.</summary>
    Spawned = 3,

    /// <summary>When a layer was published.</summary>
    Published = 4,

    /// <summary>Through a gate.</summary>
    Gate = 5,
}
