namespace ShellGuard.Core.Flow.Drawing;

/// <summary>What an arrow says.</summary>
internal enum GraphEdgeKind
{
    /// <summary>Bytes can go there, now.</summary>
    Edge,

    /// <summary>Something was let through a gate.</summary>
    Gate,

    /// <summary>It was asked for and refused.</summary>
    Refused,
}
