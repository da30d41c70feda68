namespace ShellGuard.System.Tests.Walls;

/// <summary>How the conflict sets of a trace hold.</summary>
internal enum ModelKind
{
    Flow,
    Wall,
    Exclusive,
}
