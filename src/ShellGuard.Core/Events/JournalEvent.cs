namespace ShellGuard.Core.Events;

/// <summary>What happened, without when and where in the journal: the writer adds those as a
/// <see cref="RecordHeader"/>.</summary>
/// <param name="Kind">The frozen kind.</param>
public abstract record JournalEvent(EventKind Kind)
{
    /// <summary>The cell's name; empty for what concerns the session as a whole.</summary>
    public string Cell { get; init; } = "";

    /// <summary>The process and its ancestors, the actor first; empty where no process of a cell acted.</summary>
    public IReadOnlyList<ProcessIdentity> Chain { get; init; } = [];

    /// <summary>The rule that decided; null where no rule was asked.</summary>
    public RuleSource? Rule { get; init; }
}
