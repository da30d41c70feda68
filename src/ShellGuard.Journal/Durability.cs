namespace ShellGuard.Journal;

/// <summary>When records are forced to the disk. Every record is with the kernel before <c>Append</c> returns, so a
/// killed supervisor loses nothing at any level; the levels differ in what a dead machine loses.</summary>
public enum Durability
{
    /// <summary>Forced at the session's end only.</summary>
    AtEnd = 0,

    /// <summary>Also after a person's answer, a commit or a discard, and at every checkpoint.</summary>
    Decisions = 1,

    /// <summary>After every record.</summary>
    EveryRecord = 2,
}
