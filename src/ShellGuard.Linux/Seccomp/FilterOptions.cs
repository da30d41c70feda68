namespace ShellGuard.Linux.Seccomp;

/// <summary>What a cell's filter does beyond the default, which has none of these.</summary>
public sealed record FilterOptions
{
    /// <summary>Calls that change names in the file system go by the supervisor first, which lets all of them
    /// continue: the view decides, the supervisor only explains. Costs a round trip for each of these calls.</summary>
    public bool ExplainWrites { get; init; }

    /// <summary>Opens for reading and looks at files go by the supervisor too, which lets all of them continue: it only
    /// says which of them look for something hidden.</summary>
    public bool ExplainReads { get; init; }

    /// <summary>Denied calls go by the supervisor, which journals them and gives the same error; see
    /// <see cref="SystemCallTable.Judge(in Notification)"/>. Denials that programs meet all
    /// the time and work around stay silent.</summary>
    public bool ReportDenials { get; init; }

    /// <summary>For cells that a wall separates: what tells two cells of each other that see the same file or the same
    /// machine is refused, or goes by the supervisor (locks, inotify(7), the state of the page cache, counters). See
    /// docs/leaks.md.</summary>
    public bool Apart { get; init; }

    /// <summary>Debuggers inside the cell: ptrace(2) and its relatives. Opens the kernel's tracing code to the
    /// cell.</summary>
    public bool AllowPtrace { get; init; }

    /// <summary>Nested sandboxes inside the cell: new namespaces and mounts in them. Opens large parts of the kernel
    /// (mounting, netfilter, traffic control) to the cell, as the root of its nested user namespace.</summary>
    public bool AllowUserNamespaces { get; init; }
}
