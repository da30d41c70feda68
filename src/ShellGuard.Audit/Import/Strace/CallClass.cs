namespace ShellGuard.Audit.Import.Strace;

/// <summary>Groups in which a recorder is told to leave calls out.</summary>
internal enum CallClass
{
    Other,
    File,
    Process,
    Network,
    Identity,
}
