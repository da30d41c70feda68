namespace ShellGuard.Core.Flow;

/// <summary>What a node stands for. The numbers are frozen: they stand in journals.</summary>
public enum NodeKind
{
    Cell = 0,

    /// <summary>A directory of files with one label.</summary>
    Layer = 1,

    /// <summary>Somebody outside the session: an endpoint, a socket of the host.</summary>
    Service = 2,

    /// <summary>A person at a terminal.</summary>
    Human = 3,
}
