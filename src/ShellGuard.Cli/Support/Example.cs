namespace ShellGuard.Cli.Support;

/// <summary>A line to type, and what it does.</summary>
internal sealed record Example(string Line, string What);
