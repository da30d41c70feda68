namespace ShellGuard.Audit.Coverage;

/// <summary>How far a recording can be relied on.</summary>
public enum CoverageState
{
    /// <summary>Everything that the method can see was seen.</summary>
    Complete,

    /// <summary>Something is missing, and it is said what.</summary>
    Partial,

    /// <summary>Nothing can be learnt from it.</summary>
    Failed,
}
