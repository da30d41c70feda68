namespace ShellGuard.Core.Events;

/// <summary>What a journal record tells of. The numbers are frozen: they stand in journals, and a number is never
/// given a second meaning. <c>docs/journal-format.md</c> has the table; a test compares the two.</summary>
public enum EventKind
{
    SessionStart = 1,
    SessionEnd = 2,
    CellStart = 3,
    CellEnd = 4,
    Exec = 5,
    Access = 6,
    Question = 7,
    Answer = 8,
    Limit = 9,
    Commit = 10,
    Discard = 11,
    Resize = 12,
    Degraded = 13,
    Error = 14,

    /// <summary>The journal's own: a signature over everything up to here, while the session runs.</summary>
    Checkpoint = 15,

    /// <summary>The journal's own: the signed head, last record of a closed journal.</summary>
    Seal = 16,

    /// <summary>The flow graph of a session with walls changed.</summary>
    Flow = 17,

    /// <summary>Data went through a gate.</summary>
    Gate = 18,

    /// <summary>People were asked whether data may go through a gate, or answered.</summary>
    Approval = 19,

    /// <summary>A line of a leash.</summary>
    Line = 32,

    /// <summary>The end of a line's pipeline.</summary>
    LineEnd = 33,
}
