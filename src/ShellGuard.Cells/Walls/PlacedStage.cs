namespace ShellGuard.Cells.Walls;

/// <summary>A command of the lobby with the side that it runs on.</summary>
/// <param name="Request">Who asks.</param>
/// <param name="Group">Where it runs.</param>
/// <param name="Arguments">What runs: the request's own arguments, or those behind <c>shellguard run --in CELL --</c>.</param>
internal sealed record PlacedStage(LobbyRequest Request, LabelGroup Group, IReadOnlyList<string> Arguments);
