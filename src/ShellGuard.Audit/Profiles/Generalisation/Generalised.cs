namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>What generalisation came to.</summary>
/// <param name="Accesses">In the order of operation and name.</param>
/// <param name="Before">Distinct accesses by operation and name before.</param>
/// <param name="Uses">Which rule put how many names into how many patterns.</param>
public sealed record Generalised(IReadOnlyList<GeneralAccess> Accesses, int Before, IReadOnlyList<RuleUse> Uses);

/// <summary>What one rule did.</summary>
/// <param name="Names">Accesses by distinct name that it took up.</param>
/// <param name="Patterns">Patterns that they became.</param>
public sealed record RuleUse(GeneralRule Rule, int Names, int Patterns);
