namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>What counts as a finding.</summary>
internal enum Watch
{
    /// <summary>Labels that are not what they should be, too.</summary>
    Everything,

    /// <summary>Only what comes of it: leaks, broken invariants, refusals without reason.</summary>
    Consequences,

    /// <summary>Only bytes that got to a sink.</summary>
    Bytes,
}
