namespace ShellGuard.Journal;

/// <summary>What a verification found.</summary>
public enum JournalStatus
{
    /// <summary>A record is wrong.</summary>
    Bad = 0,

    /// <summary>All records hold together but there is no signed head: the session still runs, its supervisor was
    /// killed, or the end was cut off. Only what a checkpoint signs is beyond doubt.</summary>
    NotClosed = 1,

    /// <summary>Every record is as it was written, to the signed head.</summary>
    Valid = 2,
}
