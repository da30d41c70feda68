using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>A command of the lobby with the side that it runs on.</summary>
/// <param name="Request">Who asks.</param>
/// <param name="Group">Where it runs; for a gate, where what passes goes.</param>
/// <param name="Arguments">What runs: the request's own arguments, or those behind <c>shellguard run --in CELL --</c>.</param>
internal sealed record PlacedStage(LobbyRequest Request, LabelGroup Group, IReadOnlyList<string> Arguments)
{
    /// <summary>The gate that it is; null for a command.</summary>
    public GateRule? Gate { get; init; }

    /// <summary>For a gate, the sources of what comes in.</summary>
    public TagSet Incoming { get; init; }

    /// <summary>Whether it gets pipes of the supervisor's, and nothing of the lobby's, to read from.</summary>
    public bool ReadsApart => Gate is not null || !Group.IsLobby;
}
