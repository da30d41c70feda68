namespace ShellGuard.Core;

/// <summary>What was done to an object. The numbers are frozen: they stand in journals.</summary>
public enum Operation
{
    Read = 1,
    Write = 2,
    Create = 3,
    Delete = 4,
    Rename = 5,
    List = 6,
    Stat = 7,
    Execute = 8,
    MapExecutable = 9,
    Connect = 10,
    Bind = 11,
    Listen = 12,
    Send = 13,
    ChangeIdentity = 14,
    LoadCode = 15,
    Signal = 16,
    Trace = 17,
    Resolve = 18,

    /// <summary>A system call that the table refuses whatever its object is.</summary>
    SystemCall = 19,
}
