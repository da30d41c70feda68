namespace ShellGuard.Core.Flow;

/// <summary>What the parent may be told of how a cell ended. The numbers are frozen: they stand in journals.</summary>
public enum ExitReport
{
    /// <summary>Nothing: it sees the same whatever happened.</summary>
    Nothing = 0,

    /// <summary>One bit: success or failure.</summary>
    Bit = 1,

    /// <summary>The whole status.</summary>
    Status = 2,
}
