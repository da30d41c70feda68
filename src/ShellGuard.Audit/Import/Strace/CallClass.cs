namespace ShellGuard.Audit.Import.Strace;

/// <summary>Groups in which a recorder is told to leave calls out.</summary>
internal enum CallClass
{
    Other,
    File,
    Process,

    /// <summary>execve, which is in the groups of files and of processes alike.</summary>
    Execution,

    /// <summary>What every C library does with memory; in no group that an audit asks for.</summary>
    Memory,
    Network,
    Identity,
}
