namespace ShellGuard.Cells.Hosting;

/// <summary>How far a guarantee holds on a host.</summary>
public enum GuaranteeState
{
    Held,

    /// <summary>A part of it does not hold, or only for some.</summary>
    Partly,

    NotHeld,
}
