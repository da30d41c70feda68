namespace ShellGuard.Cells.Sessions;

/// <summary>Where a session stands.</summary>
public enum SessionState
{
    /// <summary>Its supervisor lives, or somebody is committing or discarding it right now.</summary>
    Running = 0,

    /// <summary>It ended and left changes that nobody has decided on.</summary>
    Undecided = 1,

    /// <summary>It ended, and there is nothing left to decide.</summary>
    Ended = 2,
}
