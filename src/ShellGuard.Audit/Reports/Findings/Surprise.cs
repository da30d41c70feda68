using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>Something that a reader would not expect of a harmless command.</summary>
/// <param name="Weight">3 serious, 2 notable, 1 worth knowing.</param>
/// <param name="Text">What was done, in the words of people.</param>
/// <param name="Accesses">What it was, for examples.</param>
internal sealed record Surprise(int Weight, string Text, IReadOnlyList<GeneralAccess> Accesses);
