namespace ShellGuard.Cells.Planning;

/// <summary>What stands at a path of the host.</summary>
public enum HostFileKind
{
    Missing,
    Directory,
    File,
    SymbolicLink,

    /// <summary>A device, FIFO or socket.</summary>
    Special,
}
