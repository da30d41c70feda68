namespace ShellGuard.Audit.Profiles;

/// <summary>What is done with a path.</summary>
[Flags]
public enum PathRights
{
    None = 0,

    /// <summary>Looked at only.</summary>
    Look = 1,
    Read = 2,

    /// <summary>Its content as a directory.</summary>
    List = 4,
    Execute = 8,

    /// <summary>Mapped as code.</summary>
    Map = 16,

    /// <summary>The content of a file that is there.</summary>
    Write = 32,

    /// <summary>Made, deleted or renamed: a change of the directory that it is in.</summary>
    Make = 64,

    /// <summary>Mode, owner, times.</summary>
    Change = 128,

    /// <summary>Talked to, as a socket.</summary>
    Connect = 256,

    AnyChange = Write | Make | Change,
}
