namespace ShellGuard.Core.Tests.Flow.Search;

internal enum FindingKind
{
    /// <summary>Bytes got to a sink that they must not get to.</summary>
    Leak,

    /// <summary>The model allowed what breaks an invariant.</summary>
    Broken,

    /// <summary>The model refused, and nothing bad would have happened; or its explanation is not true.</summary>
    Unjustified,

    /// <summary>A label is not what the worst case says, without any consequence yet.</summary>
    Differs,
}

internal sealed record Finding(FindingKind Kind, string What);
