using ShellGuard.Policy.Diagnostics;

namespace ShellGuard.Leash.Configuration;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Configuration">Null after a mistake: then nothing may run.</param>
/// <param name="Diagnostics">Every finding, in the order of the text.</param>
/// <param name="Text">The decoded text, for messages.</param>
public sealed record ConfigurationResult(
    LeashConfiguration? Configuration, IReadOnlyList<Diagnostic> Diagnostics, string Text)
{
    /// <summary>The findings as a person reads them.</summary>
    public string Describe() => DiagnosticRenderer.Render(
        Diagnostics,
        Diagnostics.Select(finding => finding.File).Distinct(StringComparer.Ordinal)
            .ToDictionary(file => file, _ => Text, StringComparer.Ordinal));
}
