namespace ShellGuard.Core.Events;

/// <summary>Why a line of a leash did not run. The numbers are frozen: they stand in journals.</summary>
public enum LineReason
{
    /// <summary>It ran.</summary>
    None = 0,

    /// <summary>No pipeline has this name.</summary>
    NotListed = 1,

    /// <summary>It is not valid UTF-8.</summary>
    NotText = 2,

    /// <summary>It has a control character.</summary>
    ControlCharacter = 3,

    /// <summary>It is longer than any name can be.</summary>
    TooLong = 4,

    /// <summary>A file is not the one that the configuration's hash is of.</summary>
    WrongHash = 5,

    /// <summary>A program, its interpreter or the working directory is not there.</summary>
    NotFound = 6,

    /// <summary>A program cannot be executed or read.</summary>
    NotExecutable = 7,

    /// <summary>It was run too often.</summary>
    RateLimit = 8,

    /// <summary>The host lacks what a restriction needs, or the launch failed.</summary>
    NotHeld = 9,
}
