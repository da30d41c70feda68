namespace ShellGuard.Leash.Tools;

/// <summary>What somebody expects of a configuration.</summary>
/// <param name="Line">The line.</param>
/// <param name="IsAllowed">Whether it should run.</param>
/// <param name="Name">The entry that it should run; null for any.</param>
/// <param name="FileLine">Where it stands.</param>
public sealed record Expectation(string Line, bool IsAllowed, string? Name, int FileLine);
