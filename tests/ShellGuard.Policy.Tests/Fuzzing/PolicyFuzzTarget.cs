using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using Xunit;

namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>Any file is a policy or a list of mistakes; never an exception, never a policy beside an error.</summary>
public sealed class PolicyFuzzTarget : IFuzzTarget
{
    public string Corpus => "policy";

    public void Run(ReadOnlySpan<byte> input)
    {
        var files = new MemoryFiles { ["/p.toml"] = input.ToArray() };
        var request = new PolicyRequest("/p.toml", [], Contexts.Alice);
        var (result, findings) = PolicyLint.LoadAndCheck(request, files);
        Assert.Equal(findings.Any(f => f.Severity == Severity.Error), result.Policy is null);
        string rendered = DiagnosticRenderer.Render(findings, result.Sources);
        Assert.DoesNotContain(rendered, c => char.IsControl(c) && c != '\n');
        if (result.Policy is { } policy)
        {
            _ = PolicyText.Show(policy);
            _ = policy.Explain("/home/alice/x", Core.Operation.Write);
        }
    }
}
