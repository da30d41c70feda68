namespace ShellGuard.Leash.Holes;

/// <summary>A place in a name where the person chooses.</summary>
/// <param name="Name">By which the command line takes the value.</param>
public sealed record Hole(string Name, HoleType Type);
