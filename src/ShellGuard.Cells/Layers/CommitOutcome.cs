namespace ShellGuard.Cells.Layers;

/// <summary>What became of a change at a commit.</summary>
public enum CommitOutcome
{
    /// <summary>The host has it.</summary>
    Committed = 0,

    /// <summary>Not committed, and will not be as it is; the reason says why. It stays in the layer.</summary>
    Refused = 1,

    /// <summary>The host changed it too and nobody decided. It stays in the layer.</summary>
    Conflict = 2,

    /// <summary>Left alone by decision, or because the commit stopped before it. It stays in the layer.</summary>
    Skipped = 3,
}
