using ShellGuard.Cells.Gates;

namespace ShellGuard.Cells.Walls;

/// <summary>A gate that a pipeline of the lobby runs through.</summary>
/// <param name="Stage">Who asks.</param>
/// <param name="Run">What becomes of it.</param>
internal sealed record LobbyGate(PlacedStage Stage, GateRun Run)
{
    /// <summary>Whether its node in the flow graph is gone.</summary>
    public bool IsClosed { get; set; }
}
