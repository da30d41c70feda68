using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Audit.Reports.Explaining;

/// <summary>What an audit says about an object or a rule.</summary>
/// <param name="Accesses">What was done to it, or what the rule is there for.</param>
/// <param name="Notes">What there is to say that is no access.</param>
public sealed record Explanation(IReadOnlyList<GeneralAccess> Accesses, IReadOnlyList<ExplainedNote> Notes)
{
    public bool IsEmpty => Accesses.Count == 0 && Notes.Count == 0;
}

/// <summary>A sentence of an explanation.</summary>
/// <param name="Text">Safe text.</param>
/// <param name="Place">Where it stands first; its line is not shown, because it can have values that are nobody's business.
/// </param>
public sealed record ExplainedNote(string Text, Origin Place = default);
