namespace ShellGuard.Policy.Model;

/// <summary>Which environment variables a cell gets.</summary>
/// <param name="Pass">Names taken from the caller; a trailing <c>*</c> matches any rest.</param>
/// <param name="Set">Variables with a fixed value; they win over <paramref name="Pass"/>.</param>
public sealed record EnvironmentRules(IReadOnlyList<string> Pass, IReadOnlyDictionary<string, string> Set);
