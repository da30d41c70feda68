namespace ShellGuard.Leash.Proposals;

/// <summary>A command that is not proposed.</summary>
/// <param name="Command">As far as it is known.</param>
/// <param name="Count">How often it was started.</param>
/// <param name="Reason">Why, a clause.</param>
public sealed record LeftOut(string Command, long Count, string Reason);
