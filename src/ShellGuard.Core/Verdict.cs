namespace ShellGuard.Core;

/// <summary>A decision, always with the rule that made it and, for a denial, the way on.</summary>
/// <param name="Decision">Allow, deny or ask.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Reason">One clause in lower case without a full stop: why.</param>
/// <param name="WayOn">For a denial, the flag or policy line that would allow it; null where there is none.</param>
public sealed record Verdict(Decision Decision, RuleSource Rule, string Reason, string? WayOn = null)
{
    public static Verdict Allow(RuleSource rule, string reason) => new(Decision.Allow, rule, reason);

    public static Verdict Deny(RuleSource rule, string reason, string? wayOn) =>
        new(Decision.Deny, rule, reason, wayOn);

    public static Verdict Ask(RuleSource rule, string reason) => new(Decision.Ask, rule, reason);
}
