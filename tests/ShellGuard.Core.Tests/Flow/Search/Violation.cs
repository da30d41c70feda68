namespace ShellGuard.Core.Tests.Flow.Search;

internal enum ViolationKind
{
    None,
    Conflict,
    Clearance,
    Exclusive,
    Budget,
}

/// <summary>What an oracle found wrong: which bound, at which node.</summary>
internal readonly record struct Violation(ViolationKind Kind, int Bound, int Node);
