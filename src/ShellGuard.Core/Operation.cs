namespace ShellGuard.Core;

/// <summary>What was done to an object. The numbers are frozen: they stand in journals
/// and in stored evidence.</summary>
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

    /// <summary>User, group, capabilities or namespaces.</summary>
    ChangeIdentity = 14,

    /// <summary>Code into the kernel: a module, a BPF program, another kernel.</summary>
    LoadCode = 15,
    Signal = 16,
    Trace = 17,
    Resolve = 18,

    /// <summary>A system call that counts whatever its object is.</summary>
    SystemCall = 19,

    /// <summary>Mode, owner, times or extended attributes of a file.</summary>
    ChangeAttributes = 20,
}
