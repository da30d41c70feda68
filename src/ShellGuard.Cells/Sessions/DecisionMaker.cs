namespace ShellGuard.Cells.Sessions;

/// <summary>Who decides on a session's changes, for the journal.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Version">ShellGuard's version.</param>
/// <param name="Command">The command line of the decision.</param>
public sealed record DecisionMaker(string User, string Version, IReadOnlyList<string> Command);
