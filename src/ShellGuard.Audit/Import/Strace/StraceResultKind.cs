namespace ShellGuard.Audit.Import.Strace;

internal enum StraceResultKind
{
    /// <summary>It is no result.</summary>
    Malformed,

    Value,

    Error,

    /// <summary>Interrupted, to be made again: it did not happen yet, and will stand in the log again.</summary>
    Restarted,

    /// <summary><c>?</c>: it never returned, or the result could not be read.</summary>
    None,
}
