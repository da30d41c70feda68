using ShellGuard.Core.Flow;

namespace ShellGuard.Cells.Walls;

/// <summary>The relays of a lobby, by the edges that they are.</summary>
internal interface ILiveRelays
{
    /// <summary>Whether bytes can still go over.</summary>
    bool IsLive(FlowEdge edge);

    /// <summary>Nothing goes over any more when this returns.</summary>
    void Cut(FlowEdge edge);
}
