using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Lint;

/// <summary>What is allowed by the language and still worth a look: rights that amount to an escape, rules that never
/// decide, rules that hand out secrets.</summary>
public static class PolicyLint
{
    /// <summary>Findings about a policy that could be loaded, by source and line; none for one that could not.
    /// </summary>
    public static IReadOnlyList<Diagnostic> Check(PolicyResult result)
    {
        if (result.Policy is not { } policy)
        {
            return [];
        }

        var report = new LintReport(result.Layers);
        new EscapeLint(result, policy, report).Check();
        new ReachabilityLint(result, policy, report).Check();
        new EnvironmentLint(policy, report).Check();
        new NetworkLint(result, report).Check();
        if (policy.Walls is { } walls)
        {
            new WallLint(policy, walls, report).Check();
            foreach (CellRule cell in walls.Cells)
            {
                new EscapeLint(result, walls.PolicyOf(policy, cell), report).Check();
                new NetworkLint(result, report).CheckDangers(
                    cell.Network.Rules, whole => walls.Resources.Any(r => !r.Sinks.IsEmpty && r.Endpoints.Any(e => e.Covers(whole))));
            }
        }

        var order = result.Layers.Select(l => l.File).ToList();
        return [.. report.Findings.OrderBy(f => order.IndexOf(f.File)).ThenBy(f => f.Line).ThenBy(f => f.Column)];
    }

    /// <summary>Loads and checks: everything that <c>policy check</c> prints.</summary>
    public static (PolicyResult Result, IReadOnlyList<Diagnostic> Findings) LoadAndCheck(
        PolicyRequest request, IPolicyFiles files)
    {
        var result = PolicyLoader.Load(request, files);
        return (result, [.. result.Diagnostics, .. Check(result)]);
    }
}
