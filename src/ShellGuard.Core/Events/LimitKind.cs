namespace ShellGuard.Core.Events;

/// <summary>What was limited. The numbers are frozen: they stand in journals.</summary>
public enum LimitKind
{
    Memory = 1,
    Processes = 2,
    Cpu = 3,
    WallTime = 4,
    OpenFiles = 5,
    LayerSize = 6,
}
