using System.Text;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Audit.Export;

/// <summary>What <c>policy check</c> says about a policy that was derived.</summary>
public static class LearntPolicy
{
    /// <summary>Findings, and the policy's text for their rendering.</summary>
    public static (PolicyResult Result, IReadOnlyList<Diagnostic> Findings) Check(string text, string name, PolicyContext context) =>
        PolicyLint.LoadAndCheck(new PolicyRequest(name, [], context), new OneFile(Encoding.UTF8.GetBytes(text)));

    private sealed class OneFile(byte[] content) : IPolicyFiles
    {
        public PolicyFileContent Read(string path) => PolicyFileContent.Of(content);
    }
}
