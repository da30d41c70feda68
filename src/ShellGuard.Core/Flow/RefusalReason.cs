namespace ShellGuard.Core.Flow;

/// <summary>Why an operation was refused. The numbers are frozen: they stand in journals.</summary>
public enum RefusalReason
{
    /// <summary>The operation makes no sense: it names what there is not, or what is gone. Never a person's fault.</summary>
    Malformed = 0,

    /// <summary>A conflict set would be exceeded.</summary>
    Conflict = 1,

    /// <summary>A node would get what its clearance does not have.</summary>
    Clearance = 2,

    /// <summary>A cell of the other side of an exclusive conflict set runs.</summary>
    Exclusive = 3,

    /// <summary>The gate has not that many bits left, or would get more than it can have.</summary>
    Budget = 4,
}
