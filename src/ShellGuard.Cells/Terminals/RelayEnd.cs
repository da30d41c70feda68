namespace ShellGuard.Cells.Terminals;

/// <summary>Why a relay ended.</summary>
public enum RelayEnd
{
    /// <summary>The cell is gone and everything that it wrote is shown.</summary>
    CellEnded,

    /// <summary>The person's terminal is gone. The caller ends the cell.</summary>
    TerminalLost,

    /// <summary>SIGTERM or SIGHUP came. The caller ends the cell.</summary>
    Terminated,
}
