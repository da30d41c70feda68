namespace ShellGuard.Cells.Sessions;

/// <summary>One file of a session's evidence.</summary>
/// <param name="Name">In the session's directory.</param>
/// <param name="Records">How many records hold together from the start; 0 for a recording.</param>
/// <param name="SignedThrough">The last record that a good signature covers.</param>
/// <param name="Finding">What was found where nothing is wrong.</param>
/// <param name="Problem">What is wrong, or null.</param>
public sealed record VerifiedFile(string Name, long Records, long SignedThrough, string Finding, string? Problem);
