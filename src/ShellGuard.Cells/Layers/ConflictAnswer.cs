namespace ShellGuard.Cells.Layers;

/// <summary>The decision over a path that both the session and the host changed.</summary>
public enum ConflictAnswer
{
    /// <summary>Nobody decided: reported as a conflict.</summary>
    Refuse = 0,

    /// <summary>The layer's version replaces the host's.</summary>
    TakeLayer = 1,

    /// <summary>The host's stays; the layer's is kept in the layer until it is discarded.</summary>
    KeepHost = 2,
}
