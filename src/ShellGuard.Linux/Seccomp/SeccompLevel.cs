namespace ShellGuard.Linux.Seccomp;

/// <summary>How much of seccomp the running kernel offers. Each level has what those before it have.</summary>
public enum SeccompLevel
{
    /// <summary>No filters: there are no cells.</summary>
    None,

    /// <summary>Filters, but nothing can be mediated.</summary>
    Filter,

    /// <summary>A supervisor can answer calls (Linux 5.0, and 5.9 to put descriptors in). A signal that arrives
    /// while it works interrupts the call: programs see EINTR where they never do otherwise.</summary>
    Notify,

    /// <summary>A call that the supervisor has taken up can only be interrupted by a deadly signal (Linux 6.0).
    /// Descriptors can be put in and returned in one step (5.14).</summary>
    NotifyKillable,
}
