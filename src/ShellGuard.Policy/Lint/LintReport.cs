using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Lint;

/// <summary>Collects findings with their places.</summary>
internal sealed class LintReport(IReadOnlyList<PolicyLayer> layers)
{
    private readonly List<Diagnostic> _findings = [];

    public IReadOnlyList<Diagnostic> Findings => _findings;

    public void Add(Severity severity, RuleSource source, string message, string? suggestion = null)
    {
        int length = layers.Max(l => l.Lengths.GetValueOrDefault(source));
        var finding = new Diagnostic(
            severity, source.File, source.Line, source.Column, Math.Max(1, length), message, suggestion);
        if (!_findings.Contains(finding))
        {
            _findings.Add(finding);
        }
    }
}
