namespace ShellGuard.Policy.Evaluation;

/// <summary>One flag of the command line that is a rule, for example <c>--cow</c> with <c>~/src</c>. Known flags:
/// <see cref="PolicyKeys.Flags"/>.</summary>
/// <param name="Name">With its hyphens.</param>
/// <param name="Value">As written; empty for a flag that takes none.</param>
public sealed record PolicyFlag(string Name, string Value);
